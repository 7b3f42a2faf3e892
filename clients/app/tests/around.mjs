// What lies around the story: a seat kept, waited for and given up, the party life, and what is one's own.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { dress, peopleOf } from './lib/dress.mjs'
import { openBrowser, Phone } from './lib/phone.mjs'
import { openTown } from './lib/town.mjs'

const town = await openTown()
const shown = await dress(town)
const browser = await openBrowser()
const li = await Phone.of(browser, town.app)
const wang = await Phone.of(browser, town.app)
await li.signIn('李建国')
await wang.signIn('王阿姨')

async function step(words, what) {
  await what()
  console.log(`✓ ${words}`)
}

await step('同伴转交的名额，接下来，再退出', async () => {
  await li.press('我去')
  await li.sees('接下来了')
  await li.open('claims')
  await li.follow('整理社区图书角')
  await li.follow('来不了，退出')
  await li.agree('退出')
  await li.sees('退出了')
})

await step('来不了，按名字找同伴转交', async () => {
  await li.open(`claim?id=${shown.claim}`)
  await li.follow('转交给同伴')
  await li.fill('转交给谁', '国')
  await li.press('查找')
  await li.follow('冯国庆')
  await li.agree('转交')
  await li.sees('已问冯国庆了')
})

await step('别人接了单，打开着的任务马上看到', async () => {
  await li.open(`task?id=${shown.officeTask}`)
  await li.sees(/已有 8 人/)
  const other = await peopleOf(town.api).phone('谢春梅')
  await other(`/tasks/${shown.officeTask}/claims`, {})
  // Well before the page would have asked by itself.
  await li.page.getByText(/已有 9 人/).locator('visible=true').first().waitFor({ timeout: 5000 })
})

await step('名额满了候补，又不候补了', async () => {
  await li.open('tasks')
  await li.follow('反诈宣传进小区')
  await li.press('名额满了，我来候补')
  await li.sees('您在候补')
  await li.press('不再候补')
  await li.agree('确定')
  await li.sees('名额满了，我来候补')
})

await step('消息打开它说的那一页', async () => {
  await li.open('inbox')
  await li.press(/晒单已发布/)
  await li.sees('服务时长')
})

await step('主题党日请假，要说原因', async () => {
  await li.open(`theme-day?id=${shown.themeDay}`)
  await li.choose('请假')
  await li.fill('原因', '当天陪护家里老人')
  await li.press('改答复')
  await li.sees('支部收到了')
})

await step('同意随时给、随时撤', async () => {
  await li.open('privacy')
  await li.toggle('照片', true)
  await li.toggle('照片', false)
})

await step('导出自己的全部数据', async () => {
  const download = li.page.waitForEvent('download')
  await li.press('导出我的全部数据')
  const file = await (await download).path()
  assert.match(await readFile(file, 'utf8'), /李建国/)
})

await step('离我近的：问一次位置，按远近说', async () => {
  await li.standAt(27.7012, 106.9387)
  await li.open('tasks')
  await li.choose('离我近的')
  await li.sees(/约 .*(米|公里)/)
})

await step('点单标出现在的位置', async () => {
  await wang.standAt(27.7012, 106.9387)
  await wang.open('ask')
  await wang.press('用我现在的位置')
  await wang.sees('位置标好了')
})

await step('别处的网页说清楚：在微信里登录', async () => {
  const stranger = await Phone.of(browser, town.app.replace('127.0.0.1', 'linli.example.cn'))
  await stranger.open('sign-in')
  await stranger.sees('居民和党员，请在微信里登录')
  assert.equal(await stranger.page.getByLabel('您的名字').count(), 0)
  await stranger.press('我是社区工作人员')
  await stranger.sees('用户名')
})

await step('写了一半的点单，关掉再开还在', async () => {
  await wang.open('ask')
  await wang.fill('一句话说说', '楼道灯又不亮了')
  await wang.reload()
  assert.equal(await wang.page.getByLabel('一句话说说', { exact: true }).last().inputValue(), '楼道灯又不亮了')
})

await step('填错了，说在那一格下面', async () => {
  await wang.choose('维修')
  await wang.fill('一句话说说', '灯')
  await wang.fill('具体情况', '二楼')
  await wang.press('交给社区')
  await wang.sees('标题要有 2 到 40 个字')
})

await step('注销账号：事情没办完的先说明，办完的回到没有登录的首页', async () => {
  const leaves = async (name, words) => {
    const leaving = await Phone.of(browser, town.app)
    await leaving.signIn(name)
    await leaving.open('privacy')
    await leaving.press('注销账号')
    await leaving.agree('注销')
    await leaving.sees(words)
  }
  await leaves('陈女士', '还有事情没有办完')
  await leaves('路过的人', '邻里办成的事')
})

await step('减负投诉，上一级收到', async () => {
  await wang.open('complaint')
  await wang.fill('怎么回事', '同一张表填了三遍。')
  await wang.press('提交')
  await wang.sees('等答复')
})

const faults = [...li.complaints, ...wang.complaints].filter((line) => !/status of 4\d\d/.test(line))
await browser.close()
await town.close()
assert.deepEqual(faults, [])
