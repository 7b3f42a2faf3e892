// The same tour in the mini program: every page as it is uploaded, rendered by WeChat's component simulator, its calls
// answered by a real server. What only WeChat has is there too: the map, scanning, its own way to sign in.
import assert from 'node:assert/strict'
import { dress, peopleOf } from './lib/dress.mjs'
import { openMini } from './lib/mini.mjs'
import { tourOf } from './lib/tour.mjs'
import { openTown } from './lib/town.mjs'

/** What has to be read on a page here and is not in the browser, or is easily lost on the way. */
const wanted = {
  home: '我要点单，请人帮忙',
  'home-visitor': '邻里办成的事',
  ask: '在地图上选',
  claim: '扫一扫签到',
  task: '我来接单',
  'request-answer': '只办了一部分',
  profile: '绑定',
  'sign-in': '微信登录',
  'theme-day': '您能来吗？',
}

const town = await openTown()
const faults = []
const tour = tourOf(await dress(town))

const answering = async ({ path, method, body, headers }) => {
  const answer = await fetch(town.origin + path, { method, headers, body: body && JSON.stringify(body) })
  return { status: answer.status, body: answer.status === 204 ? '' : await answer.json() }
}

for (const { who, atDesk, pages } of tour) {
  const people = peopleOf(town.api)
  const told = who && (await (atDesk ? people.deskTokens : people.phoneTokens)(who))
  const stored = told ? { 'linli.tokens': { access: told.access_token, refresh: told.refresh_token }, 'linli.user': told.user } : {}
  const mini = openMini(answering, stored)
  for (const { name, page, query } of pages) {
    const words = await mini.open(page, query)
    const fault = (what) => faults.push(`${name}: ${what}: ${words.slice(0, 200)}`)
    if (words.length < 12) fault('next to nothing is shown')
    if (/undefined|NaN|\[object|\{\{/.test(words)) fault('something unfinished is shown')
    if (!words.includes(wanted[name] ?? '')) fault(`${wanted[name]} is missing`)
  }
  faults.push(...mini.faults.map((line) => `${who}: ${line.slice(0, 300)}`))
  mini.close()
}

await town.close()
assert.deepEqual(faults, [])
console.log(`✓ mini program: ${tour.flatMap(({ pages }) => pages).length} pages rendered in the simulator`)
process.exit()
