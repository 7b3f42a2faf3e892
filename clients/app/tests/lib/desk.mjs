// The office at its desk: the console in a window of its own, found by the words its people read.
import { screens } from './phone.mjs'

export class Desk {
  static async of(browser, url) {
    const context = await browser.newContext({ ...screens.desktop, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' })
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    return new Desk(page, url)
  }

  constructor(page, url) {
    Object.assign(this, { page, url, complaints: [] })
    page.on('pageerror', (error) => this.complaints.push(String(error)))
    page.on('console', (line) => /Content Security Policy|\[Vue warn\]/.test(line.text()) && this.complaints.push(line.text()))
  }

  async signIn(username, password = 'linli-demo') {
    await this.open('/sign-in')
    await this.page.getByLabel('用户名').fill(username)
    await this.page.getByLabel('口令', { exact: true }).fill(password)
    await this.press('登录')
    await this.page.getByRole('button', { name: '退出' }).waitFor()
  }

  /** As it is now: a page that is open already is read again. */
  async open(path) {
    await this.page.goto(`${this.url}#${path}`)
    await this.page.reload()
  }

  press(words) {
    return this.page.getByRole('button', { name: words, exact: true }).first().click()
  }

  sees(words) {
    return this.page.getByText(words).first().waitFor()
  }

  async follow(words) {
    await this.page.getByRole('link', { name: words }).first().click()
  }

  /** Dispatches the request on screen to one person, from some minutes on, for an hour. */
  async dispatch({ notes, lead }) {
    const [begin, end] = [beijing(3), beijing(63)]
    await this.page.getByLabel('日期').fill(begin.day)
    await this.page.getByLabel('从', { exact: true }).fill(begin.clock)
    await this.page.getByLabel('到', { exact: true }).fill(end.day === begin.day ? end.clock : '23:59')
    await this.page.getByRole('spinbutton', { name: '要几个人' }).fill('1')
    await this.page.getByLabel('给接单人的话').fill(notes)
    if (lead) await this.choosesLead(lead)
    await this.press('派单并发布')
    await this.page.waitForURL(/#\/tasks\//)
    await this.sees('开放接单')
  }

  /** Names who leads, in the form of a task. */
  async choosesLead(name) {
    await this.page.getByRole('button', { name: /负责人、技能/ }).click()
    await this.page.getByRole('combobox', { name: '现场负责人' }).fill(name)
    await this.page.getByRole('option', { name: new RegExp(name) }).click()
  }

  /** The letters of the poster on the wall. */
  async checkInCode() {
    const words = await this.page.locator('dt', { hasText: '签到码' }).locator('xpath=following-sibling::dd[1]').innerText()
    return words.trim()
  }
}

function beijing(minutes) {
  const at = new Date(Date.now() + (minutes + 480) * 60_000).toISOString()
  return { day: at.slice(0, 10), clock: at.slice(11, 16) }
}
