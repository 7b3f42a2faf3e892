// What a browser must fetch before the sign-in page can be used, gzipped: index.html, its scripts, preloads and styles.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const most = 500 * 1024
const dist = new URL('../dist/', import.meta.url)
const page = readFileSync(new URL('index.html', dist), 'utf8')
const names = [...page.matchAll(/(?:src|href)="\/console\/([^"]+\.(?:js|css))"/g)].map((match) => match[1])
const sizes = ['index.html', ...names].map((name) => [name, gzipSync(readFileSync(new URL(name, dist))).length])
const total = sizes.reduce((sum, [, size]) => sum + size, 0)
for (const [name, size] of sizes) console.log(`${String(Math.round(size / 1024)).padStart(5)} KB  ${name}`)
console.log(`${total <= most ? '✓' : '✗'} 首次打开 ${Math.round(total / 1024)} KB（gzip），上限 ${most / 1024} KB`)
if (total > most) process.exit(1)
