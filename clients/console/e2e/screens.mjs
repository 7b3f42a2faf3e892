// Pictures of every page for docs/screens/console: wide, in large type, and for some at phone size.
import { mkdirSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { lookAt, openBrowser, openPage, signIn } from './browser.mjs'
import { pages, visit } from './pages.mjs'
import { prepare } from './prepare.mjs'
import { stand } from './stand.mjs'

const folder = fileURLToPath(new URL('../../../docs/screens/console/', import.meta.url))
const only = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
const linli = await stand()
const browser = await openBrowser()

const orgs = await prepare(linli.api)
await wait(3000)

async function shots(size, viewport, wanted, inLarge = false) {
  const window = async () => {
    const page = await openPage(browser, viewport)
    if (inLarge) await page.addInitScript(() => localStorage.setItem('linli.large', 'yes'))
    return page
  }
  const door = await window()
  await door.goto(linli.url)
  await door.getByLabel('用户名').waitFor()
  await door.screenshot({ path: `${folder}sign-in${size}.png` })
  for (const one of wanted) {
    const page = await window()
    await signIn(page, linli.url, one.who)
    await visit(page, linli.url, one, orgs, lookAt)
    await page.screenshot({ path: `${folder}${one.name}${size}.png` })
    for (const fault of page.faults) console.error(`✗ ${one.name}：${fault}`)
    await page.context().close()
  }
}

try {
  const wanted = pages.filter((one) => !only.length || only.includes(one.name))
  await shots('', { width: 1280, height: 800 }, wanted)
  await shots('-large', { width: 1280, height: 800 }, wanted, true)
  await shots(
    '-phone',
    { width: 390, height: 844 },
    wanted.filter((one) => one.phone),
  )
} finally {
  await browser.close()
  await linli.stop()
}
