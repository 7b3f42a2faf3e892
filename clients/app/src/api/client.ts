import { Problem, asProblem } from './problem'
import { TapKeys } from './keys'
import { tokens } from './tokens'
import type { Photo, SignedIn } from './types'
import { type Method, send, sendFile } from './wire'

const taps = new TapKeys()
let renewing: Promise<void> | null = null
let signedOut: () => void = () => {}

/** Told once when the server no longer knows this phone: the page to sign in on is not this layer's business. */
export const onSignedOut = (listener: () => void) => (signedOut = listener)

// Ten calls that find their token stale at the same moment renew it once.
function renew(): Promise<void> {
  renewing ??= send<SignedIn>({
    method: 'POST',
    path: '/auth/refresh',
    body: { refresh_token: tokens.get()?.refresh },
    headers: {},
  })
    .then((answer) => tokens.keep(answer))
    .finally(() => (renewing = null))
  return renewing
}

async function withToken<T>(call: (headers: Record<string, string>) => Promise<T>): Promise<T> {
  const first = tokens.get()
  try {
    return await call(first ? { authorization: `Bearer ${first.access}` } : {})
  } catch (error) {
    if (asProblem(error).status !== 401 || !first) throw error
  }
  try {
    if (tokens.get()?.access === first.access) await renew()
  } catch (error) {
    if (asProblem(error).lost) throw error
    tokens.drop()
    signedOut()
    throw error
  }
  return call({ authorization: `Bearer ${tokens.get()?.access}` })
}

async function call<T>(method: Method, path: string, body?: unknown): Promise<T> {
  if (method !== 'POST' || path.startsWith('/auth/')) return withToken((headers) => send<T>({ method, path, body, headers }))
  const { key, first } = taps.take(path, JSON.stringify(body ?? null))
  const keep = { 'idempotency-key': key, ...(first && { attempt: '1' }) }
  try {
    const answer = await withToken((headers) => send<T>({ method, path, body, headers: { ...headers, ...keep } }))
    taps.answered(path)
    return answer
  } catch (error) {
    if (!(error instanceof Problem && (error.lost || error.status >= 500))) taps.answered(path)
    throw error
  }
}

export const get = <T>(path: string) => call<T>('GET', path)
export const post = <T>(path: string, body?: unknown) => call<T>('POST', path, body)
export const put = <T>(path: string, body: unknown) => call<T>('PUT', path, body)
export const remove = <T = void>(path: string) => call<T>('DELETE', path)
/** Leaving for good; the header says that it was no slip of the thumb. */
export const leave = () =>
  withToken((headers) => send<void>({ method: 'DELETE', path: '/me', headers: { ...headers, 'confirm-leaving': 'yes' } }))
export const upload = (file: string) => withToken((headers) => sendFile<Photo>('/files', file, headers))
