import { inWords } from './fields'
import type { FieldFault } from './types'

/** What the server said when it refused, or that nothing came back at all. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly faults: FieldFault[] = [],
  ) {
    super(detail)
    this.name = 'Problem'
  }

  /** Nothing came back: the same call may be tried again with the same key. */
  get lost() {
    return this.status === 0
  }
}

export const noNetwork = () => new Problem(0, 'network.lost', '网络没有连上，您填的内容还在，请再试一次。')

type Told = { code?: string; detail?: string; title?: string; errors?: FieldFault[] }

export function problemFrom(status: number, body: unknown): Problem {
  const told: Told = typeof body === 'object' && body !== null ? body : {}
  return new Problem(
    status,
    told.code ?? `http.${status}`,
    inWords(told.detail || told.title || '服务器没有说清楚原因，请稍后再试。'),
    (told.errors ?? []).map((fault) => ({ ...fault, message: inWords(fault.message) })),
  )
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  return new Problem(-1, 'client.fault', '页面出了点问题，请退回上一页再试。')
}
