// What a test prepares is prepared through the public API, as another client would.

export async function asStaff(base, username) {
  const signedIn = await call(base, '', 'POST', '/auth/password', { username, password: 'linli-demo' })
  return (method, path, body) => call(base, signedIn.access_token, method, path, body)
}

export async function asPerson(base, name) {
  const signedIn = await call(base, '', 'POST', '/auth/wechat', { code: `dev:${name}` })
  return (method, path, body) => call(base, signedIn.access_token, method, path, body)
}

async function call(base, token, method, path, body) {
  const headers = {
    'Content-Type': 'application/json',
    'Idempotency-Key': crypto.randomUUID(),
    ...(token ? { Authorization: `Bearer ${token}` } : {}),
  }
  const answer = await fetch(base + path, { method, headers, body: body && JSON.stringify(body) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}：${answer.status} ${text}`)
  return text && JSON.parse(text)
}

/** The community of the demo and its first branch. */
export async function places(base) {
  const office = await asStaff(base, 'xiaochen')
  const community = (await office('GET', '/me')).roles[0].org_id
  const branch = (await office('GET', `/orgs?parent_id=${community}`)).items[0].id
  return { office, community, branch }
}
