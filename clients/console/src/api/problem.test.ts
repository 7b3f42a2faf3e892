import { expect, it } from 'vitest'
import { asProblem, problemOf } from './problem'

it('用服务器自己的话，字段的错放到字段上', async () => {
  const body = {
    code: 'validation',
    title: '填写的内容有误',
    detail: 'title 要有 2 到 40 个字',
    errors: [{ field: 'title', code: 'length', message: '要有 2 到 40 个字' }],
    request_id: 'r',
  }
  const problem = await problemOf(Response.json(body, { status: 422 }))
  expect(problem.message).toBe('title 要有 2 到 40 个字')
  expect(problem.at('title')).toBe('要有 2 到 40 个字')
  expect(problem.at('slots')).toBe('')
})

it('读不懂的回答和断网也说人话', async () => {
  expect((await problemOf(new Response('<html>', { status: 502 }))).message).toContain('服务暂时不可用')
  expect(asProblem(new TypeError('fetch failed')).code).toBe('network')
})
