// The whole story on four phones: asked, dispatched, taken, done, confirmed, answered, told.
import assert from 'node:assert/strict'
import { openBrowser, Phone } from './lib/phone.mjs'
import { openTown } from './lib/town.mjs'

const town = await openTown()
const browser = await openBrowser()
const phone = () => Phone.of(browser, town.app)
const [wang, chen, li, wu] = await Promise.all([phone(), phone(), phone(), phone()])
const all = { 王阿姨: wang, 小陈: chen, 李建国: li, 小吴: wu }
const title = '陪母亲去取药'

const clock = (minutes) => {
  const at = new Date(Date.now() + (minutes + 480) * 60_000)
  return { date: at.getUTCDate(), words: at.toISOString().slice(11, 16) }
}

async function step(words, what) {
  const begun = Date.now()
  await what()
  console.log(`✓ ${words}（${Date.now() - begun} 毫秒）`)
}

async function story() {
  await step('四个人登录', async () => {
    await wang.signIn('王阿姨')
    await li.signIn('李建国')
    await chen.signInAtDesk('xiaochen')
    await wu.signInAtDesk('xiaowu')
  })

  await step('王阿姨带照片点单，网断了也没有丢，再点一下就送到，只有一份', async () => {
    await wang.press('我要点单，请人帮忙')
    await wang.choose('助老')
    await wang.fill('一句话说说', title)
    await wang.fill('具体情况', '母亲腿脚不便，想请人陪着去社区医院取药。')
    await wang.fill('在哪里', '文化小区')
    await wang.fill('门牌号', '文化路 8 号 3 单元 502')
    await wang.addPhoto('添加照片', 'src/static/tab/house-here.png')
    await wang.loseAnswers('**/api/v1/requests')
    await wang.press('交给社区')
    await wang.sees('网络没有连上')
    await wang.findAnswers()
    await wang.press('交给社区')
    await wang.sees('待处理')
    await wang.sees('办理经过')
    assert.equal(await wang.page.getByRole('button', { name: /看大图/ }).count(), 1)
    await wang.open('requests')
    assert.equal(await wang.count(title), 1)
  })

  await step('小陈派单', async () => {
    await chen.open('desk')
    await chen.follow(title)
    await chen.press('派单')
    const [begin, end] = [clock(3), clock(63)]
    await chen.choose('今天')
    await chen.fill('要几个人', '1')
    await chen.fill('几点开始', begin.words)
    await chen.fill('几点结束', end.date === begin.date ? end.words : '23:59')
    await chen.fill('给志愿者的话', '在小区东门集合')
    await chen.press('派单')
    await chen.sees('签到码，给到场的人看')
  })
  const code = await chen.read('[aria-label^="签到码 "]', 'aria-label')

  await step('李建国接单，看到门牌号', async () => {
    await li.open('tasks')
    await li.followSoon(title)
    assert.equal(await li.count('文化路 8 号'), 0, 'the address is not shown before the claim')
    await li.press('我来接单')
    await li.sees('签到码')
    await li.follow('地址、联系人和注意事项')
    await li.sees('文化路 8 号 3 单元 502')
  })

  await step('李建国签到、签退', async () => {
    await li.press('看我的接单')
    await li.fill('签到码', 'ABCDEFGH')
    await li.press('签到')
    await li.sees('签到码不对')
    await li.fill('签到码', code.replace('签到码 ', ''))
    await li.press('签到')
    await li.sees('做完了，记得签退')
    await li.press('签退')
    await li.sees('已签退')
  })

  await step('小陈上报，小吴确认', async () => {
    await chen.reload()
    await chen.press('上报结果')
    await chen.fill('做了什么，结果怎样', '陪老人取了药，送回家里。')
    await chen.press('上报')
    await chen.sees('办理结果')
    await wu.open('desk')
    await wu.follow(title)
    await wu.press('确认，时长入账')
    await wu.agree('确认')
    await wu.sees('已确认')
  })

  await step('王阿姨说办好了', async () => {
    await wang.open('requests')
    await wang.follow(title)
    await wang.choose('办好了')
    await wang.choose('5 星')
    await wang.fill('想说的话', '谢谢建国，走得慢也不催。')
    await wang.press('告诉社区')
    await wang.sees('已办结')
  })

  await step('小陈写晒单，小吴审核发布，王阿姨看到', async () => {
    await chen.reload()
    await chen.press('写晒单')
    await chen.fill('标题', '陪着去取药')
    await chen.press('提交审核')
    await chen.sees('待审核')
    await wu.open('desk')
    await wu.follow('陪着去取药')
    await wu.press('通过并发布')
    await wu.sees('发布了')
    await wang.open('stories')
    await wang.follow('陪着去取药')
    await wang.sees('人参加')
  })
}

try {
  await story()
} catch (error) {
  for (const [name, one] of Object.entries(all)) await one.page.screenshot({ path: `dist/story-${name}.png` })
  throw error
} finally {
  await browser.close()
  await town.close()
}
const faults = Object.entries(all).flatMap(([name, one]) => one.complaints.map((line) => `${name}: ${line}`))
assert.deepEqual(faults.filter((line) => !/status of 4\d\d|ERR_FAILED/.test(line)), [])
console.log('✓ 一件事从点单到晒单走完了')
