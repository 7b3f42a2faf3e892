// The whole story, four people in four windows: asked on a phone, dispatched in the console, two members race for the
// one seat, done, half done in the resident's eyes, done again by the other, confirmed, told, public. Once with what
// people hold in their hands, once on the wide screens some have at home.
import assert from 'node:assert/strict'
import { Desk } from './lib/desk.mjs'
import { openBrowser, Phone, screens } from './lib/phone.mjs'
import { openTown } from './lib/town.mjs'

const title = '陪母亲去取药'
const missing = '药取了，可是没有送上楼。'

async function step(words, what) {
  const begun = Date.now()
  const answer = await what()
  console.log(`✓ ${words}（${Date.now() - begun} 毫秒）`)
  return answer
}

/** Takes the seat of the story's task from the list, checks in and out, and reports. */
async function doesIt(member, code, words) {
  await member.press('看我的接单')
  await member.fill('签到码', 'ABCDEFGH')
  await member.press('签到')
  await member.sees('签到码不对')
  await member.fill('签到码', code)
  await member.press('签到')
  await member.sees('做完了，记得签退')
  await member.press('签退')
  await member.sees('已签退')
  await member.follow('上报结果')
  await member.fill('做了什么，结果怎样', words)
  await member.addPhoto('添加照片', 'src/static/tab/house-here.png')
  await member.press('上报')
  await member.sees('上报了')
}

async function story({ wang, chen, li, zhao }, town) {
  await step('四个人登录', async () => {
    await wang.signIn('王阿姨')
    await li.signIn('李建国')
    await zhao.signIn('赵敏')
    await chen.signIn('xiaochen')
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
    await wang.page.getByRole('button', { name: /看大图/ }).waitFor()
    await wang.open('requests')
    assert.equal(await wang.count(title), 1)
  })

  await step('小陈在后台派单', async () => {
    await chen.open('/inbox')
    await chen.follow(title)
    await chen.dispatch({ notes: '在小区东门集合' })
  })

  const [first, second] = await step('李建国和赵敏同时抢一个名额，一个接到，一个候补', async () => {
    const members = [li, zhao]
    for (const member of members) {
      await member.open('tasks')
      await member.followSoon(title)
      assert.equal(await member.count('文化路 8 号'), 0, 'the address is not shown before the claim')
    }
    await Promise.all(members.map((member) => member.press('我来接单')))
    const got = await Promise.all(members.map((member) => member.count('到了现场，在这里签到')))
    assert.deepEqual([...got].sort(), [0, 1], 'one seat, one claim')
    const [winner, other] = got[0] ? members : [...members].reverse()
    await other.sees('名额已满')
    await other.press('名额满了，我来候补')
    await other.sees('您在候补')
    await winner.follow('地址、联系人和注意事项')
    await winner.sees('文化路 8 号 3 单元 502')
    return [winner, other]
  })

  await step('小陈请接到的人带队，王阿姨看到有人来', async () => {
    await chen.press('改内容')
    await chen.choosesLead(first.name)
    await chen.press('保存')
    await chen.sees('签到码')
    await wang.open('requests')
    await wang.follow(title)
    await wang.sees('1 位志愿者来')
  })

  await step('到场签到、签退，带照片上报', async () => {
    await doesIt(first, await chen.checkInCode(), '陪老人取了药，送到小区门口。')
  })

  await step('王阿姨说只办了一部分，社区重新办', async () => {
    await wang.reload()
    await wang.press('只办了一部分')
    await wang.fill('哪里没办好', missing)
    await wang.press('告诉社区')
    await wang.sees('重新')
    await wang.sees(`“${missing}”`)
    assert.equal(await wang.count(/^说明：/), 0, "a resident's own words are no reason of the office's")
  })

  await step('小陈看到原话，再派一次，赢的和候补的换一换', async () => {
    await chen.press('核定时长并确认')
    await chen.press('确认')
    await chen.sees('已确认')
    await chen.open('/inbox')
    await chen.follow(title)
    await chen.sees(missing)
    await chen.dispatch({ notes: '药要送到五楼', lead: second.name })
    await second.open('tasks')
    await second.followSoon(title)
    await second.press('我来接单')
    await second.follow('地址、联系人和注意事项')
    await doesIt(second, await chen.checkInCode(), '药送到了五楼，交到老人手里。')
  })

  await step('王阿姨说办好了，小陈确认', async () => {
    await wang.reload()
    await wang.choose('5 星')
    await wang.fill('想说的话', '谢谢，走得慢也不催。')
    await wang.press('办好了')
    await wang.sees('已办结')
    await chen.page.reload()
    await chen.press('核定时长并确认')
    await chen.press('确认')
    await chen.sees('已确认')
  })

  await step('带队的写晒单，小陈审核，不登录也看得到', async () => {
    await second.follow('地址、联系人和注意事项')
    await second.press('写晒单')
    await second.fill('标题', '药送上了五楼')
    await second.press('提交审核')
    await second.sees('待审核')
    await chen.open('/stories')
    await chen.page.getByRole('article', { name: '药送上了五楼' }).getByRole('button', { name: '通过并公开' }).click()
    await chen.sees('已通过，公开了')
    await wang.open('me')
    await wang.follow('退出登录')
    await wang.open('stories')
    await wang.follow('药送上了五楼')
    await wang.sees('人参加')
    const id = /id=([0-9a-f-]+)/.exec(wang.page.url())[1]
    const page = await fetch(`${town.origin}/s/${id}`)
    assert.match(await page.text(), /药送上了五楼/)
  })
}

async function play(size) {
  const town = await openTown()
  const browser = await openBrowser()
  const phone = async (name) => Object.assign(await Phone.of(browser, town.app, screens[size]), { name })
  const people = {
    wang: await phone('王阿姨'),
    li: await phone('李建国'),
    zhao: await phone('赵敏'),
    chen: await Desk.of(browser, town.console),
  }
  try {
    await story(people, town)
  } catch (error) {
    for (const [name, one] of Object.entries(people)) await one.page.screenshot({ path: `dist/story-${name}.png` })
    throw error
  } finally {
    await browser.close()
    await town.close()
  }
  const faults = Object.entries(people).flatMap(([name, one]) => one.complaints.map((line) => `${name}: ${line}`))
  assert.deepEqual(faults.filter((line) => !/status of 4\d\d|ERR_FAILED/.test(line)), [])
  console.log(`✓ 一件事从点单到晒单走完了（${size}）`)
}

for (const size of Object.keys(screens)) await play(size)
