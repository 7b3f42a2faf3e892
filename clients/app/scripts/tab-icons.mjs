// Draws the icons of WeChat's own tab bar, which takes pictures only.
import { mkdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { openBrowser } from '../tests/lib/phone.mjs'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
mkdirSync(at('../src/static/tab'), { recursive: true })
const browser = await openBrowser()
const page = await browser.newPage({ viewport: { width: 81, height: 81 } })
for (const name of ['house', 'hand-heart', 'sparkles', 'bell', 'user']) {
  const svg = readFileSync(at(`../node_modules/lucide-static/icons/${name}.svg`), 'utf8')
  for (const [tail, colour] of [['', '#665c54'], ['-here', '#b3261e']]) {
    await page.setContent(`<style>body{margin:10px}svg{display:block;width:61px;height:61px;color:${colour}}</style>${svg}`)
    await page.screenshot({ path: at(`../src/static/tab/${name}${tail}.png`), omitBackground: true })
  }
}
await browser.close()
