// The one door to the API: signs each call, refreshes once when the token has run out, keeps the key of a tap, throws problems.
// Polled lists answer with an ETag and `no-cache`; the browser itself asks again with If-None-Match.
import createClient from 'openapi-fetch'
import type { components, paths } from './schema'
import { isSettled, keyFor, settle } from './keys'
import { offline, problemOf } from './problem'
import { accessToken, refresh, refreshToken } from './tokens'

export type Schemas = components['schemas']

let signedOut = () => {}
export const onSignedOut = (act: () => void) => (signedOut = act)

export async function send(request: Request): Promise<Response> {
  if (!accessToken() && refreshToken()) await refresh().catch(() => false)
  const again = request.clone()
  const tap = request.method === 'GET' ? '' : await tapOf(request)
  const answer = await attempt(request, tap)
  if (answer.status !== 401 || !refreshToken()) return finish(answer, tap)
  if (await refresh()) return finish(await attempt(again, tap), tap)
  return finish(answer, tap)
}

/** What makes two requests the same tap. A file is told by the caller's own key, its bytes are not read. */
async function tapOf(request: Request): Promise<string> {
  const form = request.headers.get('Content-Type')?.startsWith('multipart/')
  return `${request.method} ${request.url} ${form ? '' : await request.clone().text()}`
}

async function attempt(request: Request, tap: string): Promise<Response> {
  if (accessToken()) request.headers.set('Authorization', `Bearer ${accessToken()}`)
  if (request.method === 'POST' && !request.url.includes('/auth/')) request.headers.set('Idempotency-Key', keyFor(tap))
  return fetch(request).catch(() => {
    throw offline()
  })
}

async function finish(answer: Response, tap: string): Promise<Response> {
  if (isSettled(answer.status)) settle(tap)
  if (answer.ok) return answer
  const problem = await problemOf(answer)
  if (answer.status === 401 && !answer.url.includes('/auth/password')) signedOut()
  throw problem
}

export const api = createClient<paths>({ baseUrl: location.origin, fetch: send })

/** What the call answers, or a thrown problem: `send` has already refused everything else. */
export async function ask<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T
}

/** A file behind the sign-in (a spreadsheet, a poster): fetched with the token and handed to the browser. */
export async function blob(path: string): Promise<Blob> {
  return (await send(new Request(new URL(path, location.origin)))).blob()
}
