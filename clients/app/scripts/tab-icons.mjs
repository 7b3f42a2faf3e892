// Draws the icons of WeChat's own tab bar, which takes pictures only.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { openBrowser } from '../tests/lib/phone.mjs'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
mkdirSync(at('../src/static/tab'), { recursive: true })
const browser = await openBrowser()
const page = await browser.newPage()

const drawn = (svg) =>
  page.evaluate(async (source) => {
    const image = new Image()
    image.src = `data:image/svg+xml,${encodeURIComponent(source)}`
    await image.decode()
    const canvas = Object.assign(document.createElement('canvas'), { width: 81, height: 81 })
    canvas.getContext('2d').drawImage(image, 10, 10, 61, 61)
    return canvas.toDataURL('image/png').split(',')[1]
  }, svg)

for (const name of ['house', 'hand-heart', 'sparkles', 'bell', 'user']) {
  const svg = readFileSync(at(`../node_modules/lucide-static/icons/${name}.svg`), 'utf8')
  for (const [tail, colour] of [['', '#665c54'], ['-here', '#b3261e']]) {
    const picture = await drawn(svg.replaceAll('currentColor', colour))
    writeFileSync(at(`../src/static/tab/${name}${tail}.png`), Buffer.from(picture, 'base64'))
  }
}
await browser.close()
