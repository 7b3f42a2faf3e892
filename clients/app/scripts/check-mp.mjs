// Builds the mini program and looks for what WeChat would refuse: warnings, size, calls and methods it does not have,
// styles it ignores, undeclared private data; then opens every page with no network at all.
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openMini } from '../tests/lib/mini.mjs'
import { knownCalls } from '../tests/lib/wx-calls.mjs'

const home = fileURLToPath(new URL('..', import.meta.url))
const built = join(home, 'dist/build/mp-weixin')
const faults = []

const build = spawnSync('npm', ['run', '-s', 'build:mp-weixin'], { cwd: home, encoding: 'utf8' })
const said = build.stdout + build.stderr
if (build.status !== 0 || /warn|error/i.test(said)) faults.push(`the build says:\n${said}`)

const files = readdirSync(built, { recursive: true })
  .map((name) => join(built, String(name)))
  .filter((path) => statSync(path).isFile())
const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0)
if (bytes > 2 * 1024 * 1024) faults.push(`the package has ${bytes} bytes, WeChat takes 2 MB`)

const code = files.filter((path) => path.endsWith('.js')).map((path) => readFileSync(path, 'utf8')).join('\n')
if (/["']PATCH["']/.test(code)) faults.push('PATCH is sent, and wx.request cannot')
// uni hangs these five on `wx` itself, to make pages of.
const uni = ['createApp', 'createPage', 'createComponent', 'createPluginApp', 'createSubpackageApp']
const known = new Set([...knownCalls(), ...uni])
const called = new Set([...code.matchAll(/(?:\bwx(?:\$\d+)?|\.index)\.([a-zA-Z]\w*)/g)].map(([, name]) => name))
for (const name of called) if (!known.has(name)) faults.push(`wx.${name} is called, and WeChat has no such thing`)

for (const path of files.filter((path) => /(components|pages)\/.*\.wxss$/.test(path))) {
  const selectors = [...readFileSync(path, 'utf8').matchAll(/(@?)([^{}@]+)\{/g)].flatMap(([, at, selector]) => (at ? [] : [selector]))
  const strange = selectors.filter((selector) => /[[*#]|(^|[\s>+~,])(?!from|to\b)[a-z]/.test(selector))
  for (const selector of strange) faults.push(`${path.slice(built.length)}: a component's style cannot begin with ${selector}`)
}

const client = readFileSync(join(home, 'src/api/client.ts'), 'utf8')
if (!client.includes("remove = <T = void>(path: string) => call<T>('DELETE', path)")) faults.push('a DELETE may carry a body')

const app = JSON.parse(readFileSync(join(built, 'app.json'), 'utf8'))
if (app.__usePrivacyCheck__ !== true) faults.push('the privacy check is off')
for (const name of ['getLocation', 'chooseLocation', 'chooseAddress', 'startLocationUpdate']) {
  const used = new RegExp(`\\.${name}\\(`).test(code)
  const declared = (app.requiredPrivateInfos ?? []).includes(name)
  if (used !== declared) faults.push(`${name} is ${used ? 'used and not declared' : 'declared and not used'}`)
}
if (!app.permission?.['scope.userLocation']?.desc) faults.push('nothing tells people why their place is asked for')

const silent = openMini(() => Promise.reject(new Error('no network')), { 'linli.tokens': { access: 'a', refresh: 'r' } })
for (const path of app.pages) {
  const words = await silent.open(path.split('/')[1], { id: 'x', task: 'x', claim: 'x', request: 'x' })
  if (words.length < 12) faults.push(`${path} shows next to nothing without a network: ${words}`)
  for (const fault of silent.faults.splice(0)) faults.push(`${path} without a network: ${fault}`)
}
silent.close()

if (faults.length) {
  console.error(faults.map((fault) => `✗ ${fault}`).join('\n'))
  process.exit(1)
}
console.log(`✓ mini program: ${Math.round(bytes / 1024)} KB, no warning, only calls WeChat has, private data declared, ${app.pages.length} pages open`)
process.exit()
