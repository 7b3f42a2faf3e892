// The types in src/api/schema.d.ts are generated; this says when openapi.json has moved on without them.
import { readFileSync } from 'node:fs'
import openapi, { astToString } from 'openapi-typescript'

const fresh = astToString(await openapi(new URL('../../../openapi.json', import.meta.url)))
const kept = readFileSync(new URL('../src/api/schema.d.ts', import.meta.url), 'utf8')
const body = (text) => text.replace(/^\/\*\*[\s\S]*?\*\/\s*/, '').trim()
if (body(fresh) !== body(kept)) {
  console.error('✗ src/api/schema.d.ts 和 openapi.json 不一样：请运行 npm run api')
  process.exit(1)
}
console.log('✓ 接口类型和 openapi.json 一致')
