// Phones: one browser, a context for each person, and the words people would use to find what they press.
import { chromium } from 'playwright-core'

export async function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  })
}

export class Phone {
  static async of(browser, app, width = 390) {
    const context = await browser.newContext({
      viewport: { width, height: 844 },
      deviceScaleFactor: 2,
      hasTouch: true,
      isMobile: true,
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      reducedMotion: 'reduce',
    })
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    return new Phone(context, page, app)
  }

  constructor(context, page, app) {
    Object.assign(this, { context, page, app, complaints: [] })
    page.on('console', (line) => line.type() === 'error' && this.complaints.push(line.text()))
    page.on('pageerror', (error) => this.complaints.push(String(error)))
  }

  async open(path = '') {
    await this.page.goto(`${this.app}#/${path && `pages/${path.replace(/^([\w-]+)/, '$1/$1')}`}`)
    await this.settle()
  }

  /** Waits until nothing is being read and no bones of a page are left. */
  async settle() {
    await this.page.waitForLoadState('networkidle')
    await this.page.locator('[aria-label="正在加载"]').locator('visible=true').first().waitFor({ state: 'detached' })
  }

  async signIn(name) {
    await this.open('sign-in')
    await this.fill('您的名字', name)
    await this.press('登录')
    await this.sees(`${name}，您好`)
  }

  async signInAtDesk(username, password = 'linli-demo') {
    await this.open('sign-in')
    await this.press('我是社区工作人员')
    await this.fill('用户名', username)
    await this.fill('密码', password)
    await this.press('登录')
    await this.sees('，您好')
  }

  fill(label, words) {
    return this.page.getByLabel(label, { exact: true }).locator('visible=true').last().fill(words)
  }

  async press(name, role = 'button') {
    await this.page.getByRole(role, { name, exact: true }).locator('visible=true').first().click()
    await this.settle()
  }

  async follow(words) {
    await this.page.getByRole('link', { name: words }).locator('visible=true').first().click()
    await this.settle()
  }

  choose(words) {
    return this.page.getByRole('radio', { name: words, exact: true }).locator('visible=true').first().click()
  }

  sees(words) {
    return this.page.getByText(words).locator('visible=true').first().waitFor()
  }
}
