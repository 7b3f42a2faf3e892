// One browser for all, as an office in China has it.
import { chromium } from 'playwright-core'

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--lang=zh-CN',
]

export const openBrowser = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args,
    env: { ...process.env, LANGUAGE: 'zh_CN' },
  })

export async function openPage(browser, viewport = { width: 1280, height: 800 }) {
  const context = await browser.newContext({
    viewport,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  page.faults = []
  page.on('pageerror', (error) => page.faults.push(error.message))
  page.on(
    'console',
    (line) => /Content Security Policy|\[Vue warn\]/.test(line.text()) && page.faults.push(line.text()),
  )
  return page
}

export async function signIn(page, url, username) {
  await page.goto(`${url}#/sign-in`)
  await page.getByLabel('用户名').fill(username)
  await page.getByLabel('口令', { exact: true }).fill('linli-demo')
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByRole('button', { name: '退出' }).waitFor()
}

/** What the org switch does, without opening the tree step by step. */
export async function lookAt(page, orgId) {
  await page.evaluate((id) => sessionStorage.setItem('linli.org', id), orgId)
  await page.reload()
  await page.getByRole('button', { name: '退出' }).waitFor()
}

/** Looks at the page with type of that size, 100 as usual, and puts the type back. */
export async function inType(page, percent, look) {
  const set = (size) => page.evaluate((to) => (document.documentElement.style.fontSize = to), size)
  await set(`${percent}%`)
  await page.waitForTimeout(250)
  const seen = await look()
  await set('')
  return seen
}

/** As behind a proxy that refuses the upgrade: every socket is answered with 404. */
export const withoutNews = (page) =>
  page.addInitScript(() => {
    Object.assign(window, { refused: 0, heard: 0 })
    window.WebSocket = class extends WebSocket {
      constructor(_address, protocols) {
        super(`${location.origin.replace(/^http/, 'ws')}/api/v1/nowhere`, protocols)
        this.addEventListener('open', () => (window.heard += 1))
        this.addEventListener('close', () => (window.refused += 1))
      }
    }
  })
