import { noNetwork, problemFrom } from './problem'

// The mini program has no "same origin": it is told the address when it is built.
const origin = import.meta.env.VITE_LINLI_URL ?? ''
export const base = `${origin}/api/v1`

/** Where live screens connect to; a browser needs the whole address. */
export function live(): string {
  let from = origin
  // #ifdef H5
  from ||= location.origin
  // #endif
  return `${from.replace(/^http/, 'ws')}/api/v1`
}

export const absolute = (path: string) => (path.startsWith('/') ? origin + path : path)

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
export type Sent = { method: Method; path: string; body?: unknown; headers: Record<string, string> }

/** One request on the wire: resolves with the body of a 2xx, rejects with a Problem. */
export function send<T>({ method, path, body, headers }: Sent): Promise<T> {
  return new Promise((resolve, reject) => {
    uni.request({
      url: base + path,
      method,
      data: body as UniApp.RequestOptions['data'],
      header: { 'content-type': 'application/json', ...headers },
      timeout: 15000,
      success: ({ statusCode, data }) =>
        statusCode >= 200 && statusCode < 300 ? resolve(data as T) : reject(problemFrom(statusCode, parsed(data))),
      fail: () => reject(noNetwork()),
    })
  })
}

// uni parses application/json only, and a refusal is application/problem+json.
function parsed(data: unknown): unknown {
  if (typeof data !== 'string') return data
  try {
    return JSON.parse(data)
  } catch {
    return {}
  }
}

export function sendFile<T>(path: string, file: string, headers: Record<string, string>): Promise<T> {
  return new Promise((resolve, reject) => {
    uni.uploadFile({
      url: base + path,
      filePath: file,
      name: 'file',
      header: headers,
      success: ({ statusCode, data }) =>
        statusCode >= 200 && statusCode < 300
          ? resolve(parsed(data) as T)
          : reject(problemFrom(statusCode, parsed(data))),
      fail: () => reject(noNetwork()),
    })
  })
}
