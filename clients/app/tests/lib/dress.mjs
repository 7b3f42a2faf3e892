// A town with something on every page: the seeded people and what a few more taps of theirs leave behind.
export async function dress({ api }) {
  const call = async (token, path, body, method = body === undefined ? 'GET' : 'POST') => {
    const answer = await fetch(api + path, {
      method,
      headers: { ...(token && { authorization: `Bearer ${token}` }), 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
      body: body && JSON.stringify(body),
    })
    const told = await answer.json().catch(() => ({}))
    if (!answer.ok) throw new Error(`${method} ${path}: ${told.detail ?? answer.status}`)
    return told
  }
  const token = async (path, body) => (await call('', path, body)).access_token
  const wang = await token('/auth/wechat', { code: 'dev:王阿姨' })
  const li = await token('/auth/wechat', { code: 'dev:李建国' })
  const chen = await token('/auth/password', { username: 'xiaochen', password: 'linli-demo' })
  const shu = await token('/auth/password', { username: 'lishuji', password: 'linli-demo' })

  const me = await call(li, '/me')
  const branch = me.memberships[0].org_id
  const claims = (await call(li, '/me/claims')).items
  const requests = (await call(wang, '/me/requests')).items
  const office = (await call(chen, '/tasks?scope=office')).items
  const fulfilled = (await call(chen, '/requests?state=fulfilled')).items
  const mine = (one) => one.requester.name === '王阿姨'
  const days = (await call(shu, `/orgs/${branch}/theme-days`)).items
  const stories = (await call('', '/stories')).items
  console.log(JSON.stringify({ claims: claims.map((c) => [c.task.title, c.state]), requests: requests.map((r) => [r.title, r.state]), office: office.map((t) => [t.title, t.state]), fulfilled: fulfilled.map((r) => [r.title, r.requester.name]), stories: stories.map(s=>s.title) }))
  const claim = claims.find((each) => each.state === 'active') ?? claims[0]
  return {
    request: requests[0].id,
    fulfilled: (fulfilled.find(mine) ?? requests.at(-1)).id,
    claim: claim.id,
    task: office.find((each) => each.state === 'open').id,
    reported: (office.find((each) => ['reported', 'confirmed'].includes(each.state)) ?? office[0]).id,
    themeDay: days.find((each) => each.state === 'planned').id,
    story: stories[0].id,
  }
}
