// Builds the mini program and looks for what WeChat would refuse: warnings, size, methods, undeclared private data.
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const home = fileURLToPath(new URL('..', import.meta.url))
const built = join(home, 'dist/build/mp-weixin')
const faults = []

const build = spawnSync('npm', ['run', '-s', 'build:mp-weixin'], { cwd: home, encoding: 'utf8' })
const said = build.stdout + build.stderr
if (build.status !== 0 || /warn|error/i.test(said)) faults.push(`the build says:\n${said}`)

const files = readdirSync(built, { recursive: true })
  .map((name) => join(built, String(name)))
  .filter((path) => statSync(path).isFile())
const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0)
if (bytes > 2 * 1024 * 1024) faults.push(`the package has ${bytes} bytes, WeChat takes 2 MB`)

const code = files.filter((path) => path.endsWith('.js')).map((path) => readFileSync(path, 'utf8')).join('\n')
if (/["']PATCH["']/.test(code)) faults.push('PATCH is sent, and wx.request cannot')
const client = readFileSync(join(home, 'src/api/client.ts'), 'utf8')
if (!client.includes("remove = <T = void>(path: string) => call<T>('DELETE', path)")) faults.push('a DELETE may carry a body')

const app = JSON.parse(readFileSync(join(built, 'app.json'), 'utf8'))
if (app.__usePrivacyCheck__ !== true) faults.push('the privacy check is off')
for (const name of ['getLocation', 'chooseLocation', 'chooseAddress', 'startLocationUpdate']) {
  const used = new RegExp(`\\.${name}\\(`).test(code)
  const declared = (app.requiredPrivateInfos ?? []).includes(name)
  if (used !== declared) faults.push(`${name} is ${used ? 'used and not declared' : 'declared and not used'}`)
}
if (!app.permission?.['scope.userLocation']?.desc) faults.push('nothing tells people why their place is asked for')

if (faults.length) {
  console.error(faults.map((fault) => `✗ ${fault}`).join('\n'))
  process.exit(1)
}
console.log(`✓ mini program: ${Math.round(bytes / 1024)} KB, no warning, private data declared`)
