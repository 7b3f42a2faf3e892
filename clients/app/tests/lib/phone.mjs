// Phones: one browser, a context for each person, and the words people would use to find what they press.
import { chromium } from 'playwright-core'

/** What people hold in their hands, or have on their desk. */
export const screens = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  desktop: { viewport: { width: 1280, height: 800 } },
}

// An address that is nobody's own machine, for what a page says there.
const elsewhere = '--host-resolver-rules=MAP linli.example.cn 127.0.0.1'

export async function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', elsewhere],
  })
}

export class Phone {
  static async of(browser, app, screen = screens.phone) {
    const context = await browser.newContext({
      ...screen,
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      reducedMotion: 'reduce',
    })
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    return new Phone(context, page, app)
  }

  constructor(context, page, app) {
    Object.assign(this, { context, page, app, complaints: [], underway: 0 })
    page.on('request', () => (this.underway += 1))
    page.on('requestfinished', () => (this.underway -= 1))
    page.on('requestfailed', () => (this.underway -= 1))
    page.on('console', (line) => line.type() === 'error' && this.complaints.push(line.text()))
    page.on('pageerror', (error) => this.complaints.push(String(error)))
  }

  async open(path = '') {
    await this.page.goto(`${this.app}#/${path && `pages/${path.replace(/^([\w-]+)/, '$1/$1')}`}`)
    await this.settle()
  }

  /** Waits until nothing has been under way for a moment and no bones of a page are left. */
  async settle() {
    for (let quiet = 0; quiet < 3; quiet = this.underway ? 0 : quiet + 1) await this.page.waitForTimeout(40)
    await this.page.locator('[aria-label="正在加载"]').locator('visible=true').first().waitFor({ state: 'detached' })
  }

  async signIn(name) {
    await this.open('sign-in')
    await this.fill('您的名字', name)
    await this.press('登录')
    await this.sees('，您好')
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

  async addPhoto(name, file) {
    const chooser = this.page.waitForEvent('filechooser')
    await this.page.getByRole('button', { name, exact: true }).locator('visible=true').first().click()
    await (await chooser).setFiles(file)
    await this.page.getByRole('button', { name: '去掉第 1 张照片' }).waitFor()
  }

  choose(words) {
    return this.page.getByRole('radio', { name: words, exact: true }).locator('visible=true').first().click()
  }

  async toggle(name, on) {
    const one = this.page.getByRole('switch', { name, exact: true }).locator('visible=true').first()
    await one.click()
    await this.settle()
    if ((await one.getAttribute('aria-checked')) !== String(on)) throw new Error(`${name} is not ${on}`)
  }

  sees(words) {
    return this.page.getByText(words).locator('visible=true').first().waitFor()
  }

  /** What a list shows a moment later: cards appear there within a second of the event. */
  async followSoon(words) {
    for (let tries = 0; tries < 20 && !(await this.count(words)); tries += 1) {
      await this.page.waitForTimeout(300)
      await this.reload()
    }
    await this.follow(words)
  }

  /** Says yes in uni's own dialog. */
  async agree(words) {
    await this.page.locator('.uni-modal__btn_primary', { hasText: words }).click()
    await this.settle()
  }

  async reload() {
    await this.page.reload()
    await this.settle()
  }

  count(words) {
    return this.page.getByText(words).locator('visible=true').count()
  }

  read(selector, attribute) {
    return this.page.locator(selector).locator('visible=true').first().getAttribute(attribute)
  }

  /** The server hears every call to the address, and no answer comes back. */
  async loseAnswers(address) {
    await this.context.route(address, async (route) => {
      await route.fetch()
      await route.abort('failed')
    })
  }

  /** Where the phone says it is, in a browser's own coordinates. */
  async standAt(latitude, longitude) {
    await this.context.grantPermissions(['geolocation'])
    await this.context.setGeolocation({ latitude, longitude })
  }

  findAnswers() {
    return this.context.unrouteAll({ behavior: 'wait' })
  }

  /** Something the phone has kept from another day, as uni keeps it. */
  remember(name, data) {
    return this.context.addInitScript(([key, value]) => localStorage.setItem(key, value), [
      name,
      JSON.stringify({ type: typeof data, data }),
    ])
  }

  /** What axe calls serious or worse on the page as it stands. */
  async findings(axe) {
    const cdp = await this.context.newCDPSession(this.page)
    await cdp.send('Runtime.evaluate', { expression: axe })
    const { violations } = await this.page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
    await cdp.detach()
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `${id}: ${node.html.slice(0, 160)}`))
  }

  /** How much a person can read on the page, in letters, what stands in its fields among it. */
  words() {
    return this.page.locator('.main').locator('visible=true').first().evaluate((main) => {
      const fields = [...main.querySelectorAll('input, textarea')].map((field) => field.value)
      return [main.innerText, ...fields].join('').replace(/\s/g, '').length
    })
  }

  /** What can be pressed and is smaller than a fingertip. */
  smallTargets() {
    return this.page.locator('.tap').locator('visible=true').evaluateAll((taps) =>
      taps
        .filter((tap) => tap.getBoundingClientRect().width < 44 || tap.getBoundingClientRect().height < 44)
        .map((tap) => tap.outerHTML.slice(0, 120)),
    )
  }

  /** By how much the page is wider than a screen of that width, with letters so many times their size. */
  async overflow(width, letters) {
    const { height, width: usual } = this.page.viewportSize()
    await this.page.setViewportSize({ width, height })
    const grown = letters && (await this.page.addStyleTag({ content: `.page { --t: ${letters} !important }` }))
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    await grown?.evaluate((style) => style.remove())
    await this.page.setViewportSize({ width: usual, height })
    return wide
  }
}
