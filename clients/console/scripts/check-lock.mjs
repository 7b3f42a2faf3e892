// The lock file names versions and hashes only: a download address would tie every build to one registry.
import { readFileSync } from 'node:fs'

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'))
const wrong = Object.entries(lock.packages).filter(([, entry]) => /^https?:/.test(entry.resolved ?? ''))
const bare = Object.entries(lock.packages).filter(([name, entry]) => name && !entry.link && !entry.integrity)
for (const [name] of wrong) console.error(`✗ ${name} 带着下载地址`)
for (const [name] of bare) console.error(`✗ ${name} 没有校验值`)
if (wrong.length + bare.length > 0) process.exit(1)
console.log(`✓ package-lock.json：${Object.keys(lock.packages).length - 1} 个包，没有下载地址`)
