// Every page, on a phone in plain and in large type and on a wide screen: looked at by axe, measured, kept as a picture.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { openBrowser, Phone, screens as sizes } from './lib/phone.mjs'
import { openTown } from './lib/town.mjs'
import { dress } from './lib/dress.mjs'

const folder = (path) => fileURLToPath(new URL(path, import.meta.url))
const own = folder('../dist/screens/')
const pictures = folder(process.env.SCREENS ?? '../dist/screens/')
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
mkdirSync(own, { recursive: true })

const town = await openTown()
const browser = await openBrowser()
const shown = await dress(town)

// Who looks at what. A page seen twice has a name of its own for its second picture.
const pages = [
  ['王阿姨', [['home-resident', {}, 'home'], 'ask', 'requests', ['request', { id: shown.request }], ['request-awaited', { id: shown.awaited }, 'request']]],
  ['刘奶奶', [['request-answer', { id: shown.fulfilled }, 'request']]],
  ['李建国', ['home', 'tasks', ['task', { id: shown.task }], 'claims', ['claim', { id: shown.claim }], 'inbox', 'me', 'hours', 'points', 'theme-days', ['theme-day', { id: shown.themeDay }], 'birthday', 'profile', 'privacy', 'complaint', 'rankings', ['hand-over', { claim: shown.claim }], ['absence', { claim: shown.claim }], ['report', { task: shown.task }]]],
  ['xiaochen', ['desk', ['request-office', { id: shown.waiting }, 'request'], ['dispatch', { request: shown.waiting }], ['task-office', { id: shown.officeTask }, 'task'], ['write-story', { task: shown.told }]]],
  ['lishuji', [['birthday-branch', {}, 'birthday'], ['theme-day-branch', { id: shown.themeDay }, 'theme-day']]],
  ['', ['sign-in', 'stories', ['story', { id: shown.story }]]],
]
const faults = []

const rounds = [
  { tail: '', screen: sizes.phone, into: pictures },
  { tail: '-large', screen: sizes.phone, into: pictures, large: true },
  { tail: '-wide', screen: sizes.desktop, into: own },
]

async function look(phone, [name, query = {}, page = name], { tail, into, screen }) {
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
  for (const [who, list] of pages) {
    const phone = await Phone.of(browser, town.app, round.screen)
    if (round.large) await phone.remember('linli.large', true)
    if (/^[a-z]+$/.test(who)) await phone.signInAtDesk(who)
    else if (who) await phone.signIn(who)
    for (const each of list) await look(phone, [each].flat(), round)
    faults.push(...phone.complaints.filter((line) => !/status of 4\d\d/.test(line)))
    await phone.context.close()
  }
}

await browser.close()
await town.close()
assert.deepEqual(faults, [])
console.log('✓ every page: nothing cut, nothing axe calls serious, in plain and large type, on a phone and on a wide screen')
