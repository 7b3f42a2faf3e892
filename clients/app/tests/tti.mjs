// How long a slow phone needs until the first screen answers: a processor four times slower than this one, then on a slow
// mobile network too. Interactive: what one came for is on screen, and no long task of the page is left.
import { openBrowser, Phone } from './lib/phone.mjs'
import { openTown } from './lib/town.mjs'

/** As Lighthouse has its slow 4G: 1.6 Mbit/s, 150 ms there and back. */
const slow4G = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 94_000 }
const quiet = 2000
const times = 5

const town = await openTown()
const browser = await openBrowser()

async function measure(network) {
  const phone = await Phone.of(browser, town.app)
  await phone.signIn('李建国')
  await phone.page.addInitScript(() => {
    window.longTasks = []
    new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((task) => task.startTime + task.duration))).observe({ type: 'longtask', buffered: true })
  })
  const cdp = await phone.context.newCDPSession(phone.page)
  await cdp.send('Network.enable')
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: true })
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  if (network) await cdp.send('Network.emulateNetworkConditions', network)
  await phone.page.reload({ waitUntil: 'commit' })
  await phone.page.getByRole('heading', { name: '我现在能接的' }).waitFor()
  const shown = await phone.page.evaluate(() => performance.now())
  await phone.page.waitForTimeout(quiet)
  const busy = await phone.page.evaluate(() => Math.max(0, ...window.longTasks))
  await phone.context.close()
  return Math.max(shown, busy)
}

async function tell(words, network) {
  const runs = []
  for (let n = 0; n < times; n += 1) runs.push(await measure(network))
  runs.sort((a, b) => a - b)
  const [least, median, most] = [runs[0], runs[times >> 1], runs[times - 1]].map((ms) => (ms / 1000).toFixed(2))
  console.log(`${words}: ${median} s (${least}–${most}, ${times} runs)`)
}

await tell('interactive, CPU 4× slower', undefined)
await tell('interactive, CPU 4× slower, slow 4G', slow4G)
await browser.close()
await town.close()
