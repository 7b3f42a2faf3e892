import { expect, it } from 'vitest'
import { isSettled, keyFor, settle } from './keys'

it('同一下重试用同一个键，有了回答才换', () => {
  const first = keyFor('POST /tasks {}')
  expect(keyFor('POST /tasks {}')).toBe(first)
  expect(keyFor('POST /tasks {"slots":2}')).not.toBe(first)
  settle('POST /tasks {}')
  expect(keyFor('POST /tasks {}')).not.toBe(first)
})

it('没说清楚做没做的，不算回答', () => {
  expect([200, 201, 404, 409, 422].every(isSettled)).toBe(true)
  expect([408, 429, 500, 503].some(isSettled)).toBe(false)
})
