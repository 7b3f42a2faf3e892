// A day in the life of the demo community, so that no page of the pictures is empty. All of it through the public API.
import { asPerson, asStaff, places } from './api.mjs'

const later = (days, time) =>
  `${new Date(Date.now() + days * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10)}T${time}:00+08:00`

export async function prepare(base) {
  const { office, community, branch } = await places(base)
  const secretary = await asStaff(base, 'lishuji')
  const member = await asPerson(base, '李建国')
  await member('POST', '/complaints', {
    org_id: community,
    about: 'burden',
    words: '同一个活动，支部群里要接龙，小程序里也要报名，能不能只报一次？',
  })
  await propose(office, community)
  await move(office, community)
  await secretary('PUT', `/orgs/${community}/points-rules`, {
    rules: [
      { amount: 1, kind: 'base', trigger: 'service_hour', monthly_cap: 20 },
      { amount: 2, kind: 'pioneer', trigger: 'answer_five_stars' },
    ],
  })
  return { community, branch }
}

/** A correction that waits for a second person. */
async function propose(office, community) {
  const { items } = await office('GET', `/tasks?scope=office&org_id=${community}&state=confirmed`)
  for (const task of items) {
    const roster = await office('GET', `/tasks/${task.id}/roster`)
    const line = roster.items.find((one) => one.state === 'confirmed' && one.minutes > 30)
    if (!line) continue
    await office('POST', `/claims/${line.claim_id}/correct`, {
      minutes: line.minutes - 30,
      reason: `${line.person.name} 提前半小时离开，签退是后来补的`,
    })
    return
  }
}

/** Rain: those a message cannot reach stand in the call list. */
async function move(office, community) {
  const { items } = await office('GET', `/tasks?scope=office&org_id=${community}&state=open`)
  const task = items.find((one) => one.title === '反诈宣传进小区')
  await office('POST', `/tasks/${task.id}/reschedule`, {
    starts_at: later(6, '15:00'),
    ends_at: later(6, '17:00'),
    reconfirm_by: later(5, '12:00'),
  })
}
