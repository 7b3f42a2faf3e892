// What a phone fetches before it sees the first screen in the browser, gzip'd: below 200 KB.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const built = fileURLToPath(new URL('../dist/build/h5', import.meta.url))
const page = readFileSync(join(built, 'index.html'), 'utf8')
const first = new Set([...page.matchAll(/(?:src|href)="\/app\/(assets\/[^"]+)"/g)].map((hit) => hit[1]))
const entry = [...first].find((name) => name.endsWith('.js'))

// The home page's own chunk and everything it imports, as the entry names them.
const home = readdirSync(join(built, 'assets')).filter((name) => /^pages-home-home\b/.test(name)).map((name) => `assets/${name}`)
const queue = [...home]
while (queue.length) {
  const name = queue.pop()
  if (first.has(name) && name !== entry) continue
  first.add(name)
  if (!name.endsWith('.js')) continue
  for (const [, next] of readFileSync(join(built, name), 'utf8').matchAll(/from\s*"\.\/([^"]+)"|import\s*"\.\/([^"]+)"/g)) {
    if (next && `assets/${next}` !== entry) queue.push(`assets/${next}`)
  }
}

const sizes = [...first].map((name) => [name, gzipSync(readFileSync(join(built, name))).length])
const sum = sizes.reduce((all, [, size]) => all + size, gzipSync(page).length)
for (const [name, size] of sizes) console.log(`  ${String(size).padStart(7)}  ${name}`)
console.log(`${sum < 200 * 1024 ? '✓' : '✗'} first screen: ${(sum / 1024).toFixed(1)} KB gzip of 200`)
process.exit(sum < 200 * 1024 ? 0 : 1)
