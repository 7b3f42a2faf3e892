// The console in a real browser against a real server, the way its people use it. Run: LINLI_BIN=… npm run e2e
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { places } from './api.mjs'
import { inType, lookAt, openBrowser, openPage, signIn, withoutNews } from './browser.mjs'
import { cutFaults } from './cut.mjs'
import { narrowFaults } from './narrow.mjs'
import { pages, visit } from './pages.mjs'
import { stand } from './stand.mjs'
import { planThemeDay, recordThemeDay } from './theme-day.mjs'

let linli, browser, orgs, planned
const axe = readFileSync(fileURLToPath(new URL('../node_modules/axe-core/axe.min.js', import.meta.url)), 'utf8')
const roster = (name) => fileURLToPath(new URL(`files/${name}`, import.meta.url))

before(async () => {
  linli = await stand()
  browser = await openBrowser()
  orgs = await places(linli.api)
})
after(async () => {
  await browser?.close()
  await linli?.stop()
})

/** A fresh window, signed in; whatever the page complained of fails the test. */
async function as(username, use, orgId) {
  const page = await openPage(browser)
  await signIn(page, linli.url, username)
  if (orgId) await lookAt(page, orgId)
  await use(page)
  assert.deepEqual(page.faults, [])
  await page.context().close()
}
const open = (page, path) => page.goto(`${linli.url}#${path}`)

test('登录：口令不对说清楚，对了就到待办，退出以后什么都不留', async () => {
  const page = await openPage(browser)
  await open(page, '/tasks')
  await page.getByLabel('用户名').fill('xiaochen')
  await page.getByLabel('口令', { exact: true }).fill('wrong-word')
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByRole('alert').waitFor()
  await page.getByLabel('口令', { exact: true }).fill('linli-demo')
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByRole('heading', { name: '任务看板' }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: '任务看板' }).waitFor()
  await page.getByRole('button', { name: '退出' }).click()
  await page.getByLabel('用户名').waitFor()
  assert.equal(
    await page.evaluate(() => Object.keys(sessionStorage).filter((name) => name.startsWith('linli')).length),
    0,
  )
  await page.context().close()
})

test('主题党日：安排', async () => {
  planned = await planThemeDay({ as, open, orgs, base: linli.api })
})

test('派单：断网不丢字，再点一次就派出去', async () => {
  await as('xiaochen', async (page) => {
    await open(page, '/inbox')
    await page.getByRole('link', { name: /想有人来陪着说说话/ }).click()
    await page.getByLabel('给接单人的话').fill('请带上身份牌，先到社区领钥匙')
    const first = page.getByRole('region', { name: '请谁来' }).getByRole('checkbox').first()
    await first.check()
    await page.getByRole('spinbutton', { name: '要几个人' }).fill('2')
    await page.context().setOffline(true)
    await page.getByRole('button', { name: '派单并发布' }).click()
    await page.getByRole('alert').filter({ hasText: '网络不通' }).first().waitFor()
    await page.context().setOffline(false)
    assert.equal(await page.getByLabel('给接单人的话').inputValue(), '请带上身份牌，先到社区领钥匙')
    await page.getByRole('button', { name: '派单并发布' }).click()
    await page.waitForURL(/#\/tasks\//)
    await page.getByText('开放接单').first().waitFor()
    await page.getByText('请带上身份牌，先到社区领钥匙').waitFor()
    await page.getByRole('heading', { name: '请过的人' }).waitFor()
    await page.getByText('等待回复').waitFor()
  })
})

test('名单：安排一个人，改名额，加满为止', async () => {
  await as('xiaochen', async (page) => {
    await open(page, '/tasks')
    await page.getByRole('link', { name: /想有人来陪着说说话/ }).click()
    await page.getByRole('button', { name: '安排一个人' }).click()
    await page.getByRole('combobox', { name: '是谁' }).fill('郑丽华')
    await page.getByRole('option', { name: /郑丽华/ }).click()
    await page.getByRole('button', { name: '安排', exact: true }).click()
    await page.getByRole('cell', { name: /^郑丽华/ }).waitFor()
    await page.getByText('人齐了').waitFor()
    await page.getByRole('button', { name: '改名额' }).click()
    await page.getByRole('spinbutton', { name: '一共要几个人' }).fill('3')
    await page.getByRole('dialog').getByRole('button', { name: '改名额' }).click()
    await page.getByText('还缺 1 人').waitFor()
  })
})

test('草稿：改了内容再发布', async () => {
  await as('xiaochen', async (page) => {
    await open(page, '/tasks')
    await page.getByRole('link', { name: /旧衣回收/ }).click()
    await page.getByRole('button', { name: '改内容' }).click()
    await page.getByLabel('给接单人的话').fill('请戴手套，衣物先分男装女装')
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText('请戴手套，衣物先分男装女装').waitFor()
    await page.getByRole('button', { name: '发布任务' }).click()
    await page.getByText('开放接单').first().waitFor()
  })
})

test('导入花名册：不对的写明第几行，一个都不进；改好整份进', async () => {
  await as(
    'lishuji',
    async (page) => {
      await open(page, '/imports')
      await page.locator('input[type=file]').setInputFiles(roster('roster-broken.xlsx'))
      for (const row of ['第 3 行', '第 4 行', '第 5 行']) await page.getByRole('cell', { name: row }).waitFor()
      assert.equal(await page.getByRole('button', { name: /没有问题/ }).count(), 0)
      await page.locator('input[type=file]').setInputFiles(roster('roster.xlsx'))
      await page.getByRole('button', { name: '没有问题，导入 3 人' }).click()
      await page.getByText('已导入 roster.xlsx。').waitFor()
      await open(page, '/members')
      await page.getByRole('button', { name: '冉*' }).waitFor()
    },
    orgs.branch,
  )
})

test('政治生日：名单、逢十周年、写一句寄语', async () => {
  await as(
    'lishuji',
    async (page) => {
      await open(page, '/birthdays')
      await page.getByText('逢十周年').waitFor()
      await page.getByRole('listitem').filter({ hasText: '赵敏' }).getByRole('button', { name: '写寄语' }).click()
      await page.getByLabel('想说的话').fill('十二年如一日，邻里都记得您。')
      await page.getByRole('button', { name: '送出寄语' }).click()
      await page.getByRole('listitem').filter({ hasText: '赵敏' }).getByText('已有 1 句寄语').waitFor()
    },
    orgs.branch,
  )
})

test('晒单：另一位同事审核通过，公开了', async () => {
  await as('xiaowu', async (page) => {
    await open(page, '/stories')
    await page.getByRole('article', { name: '楼道敞亮了' }).getByRole('button', { name: '通过并公开' }).click()
    await page.getByText('没有等着审核的晒单').waitFor()
    await page.getByText('已公开', { exact: true }).click()
    await page.getByRole('article', { name: '楼道敞亮了' }).waitFor()
  })
})

test('月度总览：数字、图、下一级', async () => {
  await as('zhouquzhang', async (page) => {
    await open(page, '/overview')
    await page
      .getByText(/比上月多 \d/)
      .first()
      .waitFor()
    await page.locator('svg').filter({ hasText: '提出' }).first().waitFor()
    await page.getByRole('button', { name: '新中街道', exact: true }).click()
    await page.getByRole('button', { name: '文化社区居民委员会', exact: true }).waitFor()
    await page.getByRole('button', { name: '上个月' }).click()
    await page
      .getByText(/比上月|和上月一样/)
      .first()
      .waitFor()
    assert.deepEqual(await narrowFaults(page), [])
  })
})

test('听不了消息（WebSocket 被拒绝）也会自己更新', async () => {
  const page = await openPage(browser)
  await withoutNews(page)
  await signIn(page, linli.url, 'xiaochen')
  await open(page, '/tasks')
  await page.getByRole('link', { name: /反诈宣传进小区/ }).click()
  await page.waitForURL(/#\/tasks\/./)
  const task = page.url().split('/').pop()
  const { slots } = await orgs.office('GET', `/tasks/${task}`)
  await page.getByText(`/${slots} 人`).waitFor()
  await page.waitForFunction(() => window.refused > 0)
  await orgs.office('POST', `/tasks/${task}/resize`, { slots: slots + 1 })
  await page.getByText(`/${slots + 1} 人`).waitFor()
  assert.deepEqual([await page.evaluate(() => window.heard), page.faults], [0, []])
  await page.context().close()
})

test('快捷键：g t 到看板，? 打开帮助', async () => {
  await as('xiaochen', async (page) => {
    await open(page, '/inbox')
    await page.getByRole('heading', { name: '待办需求' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('t')
    await page.getByRole('heading', { name: '任务看板' }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: '快捷键' }).waitFor()
  })
})

/** What axe calls serious or worse, in words. */
async function grave(page) {
  await page.evaluate(axe)
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
  const places = (fault) => fault.nodes.slice(0, 3).map((node) => node.target.join(' '))
  return found.violations
    .filter((fault) => fault.impact === 'serious' || fault.impact === 'critical')
    .map((fault) => `${fault.id}：${places(fault).join('，')}`)
}

test('每一页：axe 没有严重的问题，手机宽不切字，点得着；大字也一样不切', async (t) => {
  for (const who of new Set(pages.map((one) => one.who))) {
    await as(who, async (page) => {
      for (const one of pages.filter((some) => some.who === who)) {
        await visit(page, linli.url, one, orgs, lookAt)
        const faults = [...(await grave(page)), ...(await narrowFaults(page))]
        const inLarge = await inType(page, 125, async () => [...(await grave(page)), ...(await cutFaults(page))])
        await t.test(one.name, () => assert.deepEqual({ faults, inLarge }, { faults: [], inLarge: [] }))
      }
    })
  }
})

test('大字：点一下就大，记得住，再点一下还原', async () => {
  await as('xiaochen', async (page) => {
    const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.querySelector('h1')).fontSize))
    await open(page, '/inbox')
    await page.getByRole('heading', { name: '待办需求' }).waitFor()
    const usual = await size()
    await page.getByRole('button', { name: '大字' }).click()
    assert.equal(await size(), usual * 1.25)
    await page.reload()
    await page.getByRole('button', { name: '大字', pressed: true }).waitFor()
    assert.equal(await size(), usual * 1.25)
    await page.getByRole('button', { name: '大字' }).click()
    assert.equal(await size(), usual)
  })
})

test('每天用的页，字放大一倍也不切', async (t) => {
  for (const one of pages.filter((some) => some.daily))
    await as(one.who, async (page) => {
      await visit(page, linli.url, one, orgs, lookAt)
      const faults = await inType(page, 200, () => cutFaults(page))
      await t.test(one.name, () => assert.deepEqual(faults, []))
    })
})

test('主题党日：签到、记录、上级审核', async () => {
  await recordThemeDay({ as, open, planned })
})
