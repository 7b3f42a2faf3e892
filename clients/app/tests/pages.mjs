// Every page, in plain and in large type: looked at by axe, measured, and kept as a picture.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { openBrowser, Phone } from './lib/phone.mjs'
import { openTown } from './lib/town.mjs'
import { dress } from './lib/dress.mjs'

const screens = fileURLToPath(new URL(process.env.SCREENS ?? '../dist/screens/', import.meta.url))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
mkdirSync(screens, { recursive: true })

const town = await openTown()
const browser = await openBrowser()
const shown = await dress(town)

// Who looks at what. A page seen twice has a name of its own for its second picture.
const pages = [
  ['王阿姨', [['home-resident', {}, 'home'], 'ask', 'requests', ['request', { id: shown.request }]]],
  ['刘奶奶', [['request-answer', { id: shown.fulfilled }, 'request']]],
  ['李建国', ['home', 'tasks', ['task', { id: shown.task }], 'claims', ['claim', { id: shown.claim }], 'inbox', 'me', 'hours', 'points']],
  ['李建国', ['theme-days', ['theme-day', { id: shown.themeDay }], 'birthday', 'profile', 'privacy', 'complaint', 'rankings']],
  ['李建国', [['hand-over', { claim: shown.claim }], ['absence', { claim: shown.claim }], ['report', { task: shown.task }]]],
  ['xiaochen', ['desk', ['request-office', { id: shown.waiting }, 'request'], ['dispatch', { request: shown.waiting }]]],
  ['xiaochen', [['task-office', { id: shown.officeTask }, 'task'], ['write-story', { task: shown.told }]]],
  ['lishuji', [['birthday-branch', {}, 'birthday'], ['theme-day-branch', { id: shown.themeDay }, 'theme-day']]],
  ['', ['sign-in', 'stories', ['story', { id: shown.story }]]],
]
const faults = []

async function look(phone, [name, query = {}, page = name], tail) {
  await phone.open(`${page}?${new URLSearchParams(query)}`)
  await phone.reload()
  await phone.page.screenshot({ path: `${screens}${name}${tail}.png` })
  faults.push(...(await phone.findings(axe)).map((finding) => `${name}${tail}: ${finding}`))
  faults.push(...(await phone.smallTargets()).map((target) => `${name}${tail}: hard to hit: ${target}`))
  const wide = (await phone.overflow(320)) || (await phone.overflow(390, 2))
  if (wide > 0) faults.push(`${name}${tail}: ${wide} px wider than a narrow screen, or with letters twice the size`)
}

for (const large of [false, true]) {
  for (const [who, list] of pages) {
    const phone = await Phone.of(browser, town.app)
    if (large) await phone.remember('linli.large', true)
    if (/^[a-z]+$/.test(who)) await phone.signInAtDesk(who)
    else if (who) await phone.signIn(who)
    for (const each of list) await look(phone, [each].flat(), large ? '-large' : '')
    faults.push(...phone.complaints.filter((line) => !/status of 4\d\d/.test(line)))
    await phone.context.close()
  }
}

await browser.close()
await town.close()
assert.deepEqual(faults, [])
console.log('✓ every page: nothing cut, nothing axe calls serious, in plain and in large type')
