// Writes the icons the app uses as one style sheet: masks, so that they take the colour of the words beside them.
import { readFileSync, writeFileSync } from 'node:fs'

const names = `house hand-heart sparkles bell user chevron-left chevron-right plus map-pin clock users camera check x
  star triangle-alert phone cake shield message-square-heart trophy hourglass coins flag log-out
  search clipboard-list send inbox heart`.split(/\s+/)

const lines = names.map((name) => {
  const svg = readFileSync(new URL(`../node_modules/lucide-static/icons/${name}.svg`, import.meta.url), 'utf8')
    .replace(/<!--.*?-->|class="[^"]*"/gs, '')
    .replace(/\s+/g, ' ')
    .replaceAll('"', "'")
    .trim()
  const data = svg.replaceAll('%', '%25').replaceAll('#', '%23').replaceAll('<', '%3C').replaceAll('>', '%3E')
  return `.icon-${name} { --icon: url("data:image/svg+xml,${data}"); }`
})
writeFileSync(new URL('../src/styles/icons.scss', import.meta.url), `// Lucide icons (ISC), written by npm run icons.\n${lines.join('\n')}\n`)
