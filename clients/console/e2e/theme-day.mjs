// A theme day from the plan to the reviewed record. It begins a minute after it is planned; the other tests fill the time.
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { asStaff } from './api.mjs'

const theme = '读一段党章，走访一户老人'
const beijing = (at) => new Date(at + 8 * 3_600_000).toISOString()

/** The demo's branch has had its day this month, so a second branch is founded and given its roster first. */
export async function planThemeDay({ as, open, orgs, base }) {
  const operator = await asStaff(base, 'yunwei')
  const { id: branch } = await operator('POST', '/orgs', {
    parent_id: orgs.community,
    kind: 'branch',
    name: '文化社区第二党支部',
  })
  const secretary = await asStaff(base, 'lishuji')
  for (const name of ['覃永福', '龙秀芬', '安正华'])
    await secretary('POST', `/orgs/${branch}/members`, { name, class: 'ordinary' })
  const begins = Math.ceil(Date.now() / 60_000) * 60_000 + 60_000
  const day = beijing(begins)
  await secretary('PUT', `/orgs/${branch}/theme-day-rule`, {
    kind: 'date',
    day: Number(day.slice(8, 10)),
    minutes: 60,
    starts: day.slice(11, 16),
    to_working_day: false,
  })
  await as(
    'lishuji',
    async (page) => {
      await open(page, '/theme-days')
      await page.getByRole('button', { name: /^安排/ }).click()
      await page.getByLabel('主题', { exact: true }).fill(theme)
      await page.getByLabel('日期').fill(day.slice(0, 10))
      await page.getByLabel('从', { exact: true }).fill(day.slice(11, 16))
      await page.getByLabel('到', { exact: true }).fill(beijing(begins + 3_600_000).slice(11, 16))
      await page.getByLabel('地点').fill('社区二楼活动室')
      await page.getByRole('button', { name: '安排并通知' }).click()
      await page
        .getByRole('link', { name: new RegExp(theme) })
        .first()
        .waitFor()
    },
    branch,
  )
  return { branch, begins }
}

export async function recordThemeDay({ as, open, planned }) {
  await wait(Math.max(0, planned.begins - Date.now()) + 1000)
  const enter = async (page) => {
    await open(page, '/theme-days')
    await page
      .locator('section[aria-label="主题党日列表"]')
      .getByRole('link', { name: new RegExp(theme) })
      .click()
  }
  await as(
    'lishuji',
    async (page) => {
      await enter(page)
      await page.getByLabel('给 覃永福 签到').check()
      await page.getByLabel('给 龙秀芬 签到').check()
      await page.getByRole('button', { name: '代签到（2）' }).click()
      await page.getByText('已给 2 人签到').waitFor()
      await page.getByLabel('做了什么').fill('学习党章第一章，走访三单元独居老人两户。')
      await page.getByRole('button', { name: '交记录' }).click()
      await page.getByText('应到 3 人，实到 2 人').waitFor()
    },
    planned.branch,
  )
  await as(
    'zhouquzhang',
    async (page) => {
      await enter(page)
      await page.getByRole('button', { name: '审核通过' }).click()
      await page.getByText('已通过').first().waitFor()
    },
    planned.branch,
  )
}
