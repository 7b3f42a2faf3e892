// The refresh token lives as long as the browser tab: an office PC is shared, closing the tab signs out.

export interface SignedIn {
  access_token: string
  refresh_token: string
  expires_in: number
}

const place = 'linli.refresh'
let access = ''
let flight: Promise<boolean> | null = null

export const accessToken = () => access
export const refreshToken = () => sessionStorage.getItem(place) ?? ''

export function keep(tokens: SignedIn): void {
  access = tokens.access_token
  sessionStorage.setItem(place, tokens.refresh_token)
}

export function forget(): void {
  access = ''
  sessionStorage.removeItem(place)
}

/** A refresh token works once, so everyone who finds the access token expired waits for the same refresh. */
export function refresh(send: typeof fetch = fetch): Promise<boolean> {
  flight ??= refreshOnce(send).finally(() => (flight = null))
  return flight
}

async function refreshOnce(send: typeof fetch): Promise<boolean> {
  const token = refreshToken()
  if (!token) return false
  const answer = await send('/api/v1/auth/refresh', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ refresh_token: token }),
  })
  if (answer.ok) {
    keep(await answer.json())
    return true
  }
  if (answer.status === 401) forget()
  return false
}
