// The lock file pins every package by its hash and names no address to fetch it from: each builder has a mirror of their own.
import { readFileSync } from 'node:fs'

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'))
const packages = Object.entries(lock.packages).filter(([path]) => path)
const faults = packages.flatMap(([path, { resolved, integrity, link }]) => [
  ...(resolved ? [`${path} names an address`] : []),
  ...(integrity || link ? [] : [`${path} has no hash`]),
])

if (faults.length) {
  console.error(faults.map((fault) => `✗ ${fault}`).join('\n'))
  process.exit(1)
}
console.log(`✓ lock: ${packages.length} packages, pinned by hash, no address`)
