// Every page, on a phone in plain and in large type and on a wide screen: looked at by axe, measured, kept as a picture.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { openBrowser, Phone, screens as sizes } from './lib/phone.mjs'
import { openTown } from './lib/town.mjs'
import { dress } from './lib/dress.mjs'
import { tourOf } from './lib/tour.mjs'

const folder = (path) => fileURLToPath(new URL(path, import.meta.url))
const own = folder('../dist/screens/')
const pictures = folder(process.env.SCREENS ?? '../dist/screens/')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
mkdirSync(own, { recursive: true })

const town = await openTown()
const browser = await openBrowser()
const tour = tourOf(await dress(town))

const faults = []

const rounds = [
  { tail: '', screen: sizes.phone, into: pictures },
  { tail: '-large', screen: sizes.phone, into: pictures, large: true },
  { tail: '-wide', screen: sizes.desktop, into: own },
]

async function look(phone, { name, query, page }, { tail, into, screen }) {
  const fault = (words) => faults.push(`${name}${tail}: ${words}`)
  await phone.open(`${page}?${new URLSearchParams(query)}`)
  await phone.reload()
  await phone.page.screenshot({ path: `${into}${name}${tail}.png` })
  for (const finding of await phone.findings(axe)) fault(finding)
  for (const target of await phone.smallTargets()) fault(`hard to hit: ${target}`)
  if ((await phone.words()) < 12) fault('the first screen says next to nothing')
  if (screen.isMobile && ((await phone.overflow(320)) > 0 || (await phone.overflow(390, 2)) > 0)) {
    fault('wider than a narrow screen, or with letters twice the size')
  }
}

for (const round of rounds) {
  for (const { who, atDesk, pages } of tour) {
    const phone = await Phone.of(browser, town.app, round.screen)
    if (round.large) await phone.remember('linli.large', true)
    if (atDesk) await phone.signInAtDesk(who)
    else if (who) await phone.signIn(who)
    for (const page of pages) await look(phone, page, round)
    faults.push(...phone.complaints.filter((line) => !/status of 4\d\d/.test(line)))
    await phone.context.close()
  }
}

await browser.close()
await town.close()
assert.deepEqual(faults, [])
console.log('✓ every page: nothing cut, nothing axe calls serious, in plain and large type, on a phone and on a wide screen')
