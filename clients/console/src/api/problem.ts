// Errors come as problem+json. Their detail is meant for people and is shown as it is.

export interface FieldFault {
  field: string
  code: string
  message: string
}

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly fields: FieldFault[] = [],
    readonly requestId = '',
  ) {
    super(detail)
    this.name = 'Problem'
  }

  /** What the form shows at a field; the server writes `steps[0].title` or `starts_at`. */
  at(field: string): string {
    return this.fields.find((fault) => fault.field === field)?.message ?? ''
  }
}

export const offline = () => new Problem(0, 'network', '网络不通，您填的内容还在。请稍后再试一次。')

export async function problemOf(response: Response): Promise<Problem> {
  const body = await response
    .clone()
    .json()
    .catch(() => null)
  if (body && typeof body.code === 'string') {
    return new Problem(response.status, body.code, body.detail || body.title, body.errors ?? [], body.request_id)
  }
  return new Problem(response.status, 'unreadable', `服务暂时不可用（${response.status}），请稍后再试。`)
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  return error instanceof TypeError ? offline() : new Problem(0, 'client', '页面出了问题，请刷新后再试。')
}
