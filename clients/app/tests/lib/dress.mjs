// A town with something on every page: the seeded people, and what a few more taps of theirs leave behind.
export async function dress({ api }) {
  const people = peopleOf(api)
  const wang = await people.phone('王阿姨')
  const li = await people.phone('李建国')
  const zhao = await people.phone('赵敏')
  const chen = await people.desk('xiaochen')
  const wu = await people.desk('xiaowu')
  const shu = await people.desk('lishuji')
  const zhou = await people.desk('zhouquzhang')

  const me = await li('/me')
  const branch = me.memberships[0].org_id
  const office = (await chen('/tasks?scope=office')).items
  const named = (title) => office.find((task) => task.title === title)

  await zhou(`/orgs/${branch}/settings`, { ranking_enabled: true, ranking_min_group: 2 }, 'PUT')
  for (const consent of await li('/me/consents')) {
    if (consent.purpose === 'ranking') await li('/me/consents', { purpose: 'ranking', version: consent.version })
  }
  await li('/me', { ranked: true }, 'PUT')

  const community = named('义诊秩序维护').org_id
  await zhou(`/orgs/${community}/settings`, { points_enabled: true }, 'PUT')
  const given = { user_id: me.id, kind: 'pioneer', amount: 2, reason: '主题党日讲党课《我身边的好邻居》' }
  const proposed = await chen(`/orgs/${community}/points`, given)
  await wu(`/points/${proposed.id}/approve`, {})

  const shelf = await chen('/tasks', {
    org_id: community,
    title: '整理社区图书角',
    slots: 2,
    starts_at: hence(26),
    ends_at: hence(28),
    place: { name: '文化社区服务中心' },
    publish: true,
  })
  const hers = await zhao(`/tasks/${shelf.id}/claims`, {})
  await zhao(`/claims/${hers.id}/hand-over`, { user_id: me.id })

  const swept = (await wu('/stories?state=pending_review')).items[0]
  await wu(`/stories/${swept.id}/approve`, {})

  const claims = (await li('/me/claims')).items
  const requests = (await wang('/me/requests')).items
  const days = (await shu(`/orgs/${branch}/theme-days`)).items
  return {
    request: requests.find((each) => each.state === 'closed').id,
    awaited: requests.find((each) => each.state === 'dispatched').id,
    waiting: (await chen('/requests?state=submitted')).items[0].id,
    fulfilled: (await chen('/requests?state=fulfilled')).items[0].id,
    claim: claims.find((each) => each.state === 'active').id,
    task: named('义诊秩序维护').id,
    officeTask: named('周六消防安全巡查').id,
    told: named('厨房水龙头漏水').id,
    themeDay: days.find((each) => each.state === 'planned').id,
    story: swept.id,
  }
}

const hence = (hours) => new Date(Math.ceil(Date.now() / 3_600_000 + hours) * 3_600_000).toISOString()

/** People as the API knows them: a function to call it with, or what they were given when they signed in. */
export function peopleOf(api) {
  async function call(token, path, body, method = body === undefined ? 'GET' : 'POST') {
    const answer = await fetch(api + path, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        'content-type': 'application/json',
        'idempotency-key': crypto.randomUUID(),
      },
      body: body && JSON.stringify(body),
    })
    const told = await answer.json().catch(() => ({}))
    if (!answer.ok) throw new Error(`${method} ${path}: ${told.detail ?? answer.status}`)
    return told
  }
  const phoneTokens = (name) => call('', '/auth/wechat', { code: `dev:${name}` })
  const deskTokens = (username) => call('', '/auth/password', { username, password: 'linli-demo' })
  const acting = async (signedIn) => {
    const { access_token } = await signedIn
    return (...what) => call(access_token, ...what)
  }
  return {
    phoneTokens,
    deskTokens,
    phone: (name) => acting(phoneTokens(name)),
    desk: (username) => acting(deskTokens(username)),
  }
}
