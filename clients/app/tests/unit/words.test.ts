import { expect, it } from 'vitest'
import { keptFor } from '@/lib/words'

const now = Date.parse('2026-11-24T09:00:00+08:00')
const task = { state: 'open' as const, keep_new: 2, keep_lead: 1, keep_until: '2026-11-27T09:00:00+08:00' }

it('留给谁、留到什么时候，说清楚；不留就不说', () => {
  expect(keptFor(task, now)).toMatch(/^名额里 2 个留给第一次参加的人，1 个留给有经验的人，.*09:00 向大家开放$/)
  expect(keptFor({ ...task, keep_new: 0 }, now)).toMatch(/^名额里 1 个留给有经验的人，/)
  expect(keptFor({ ...task, keep_new: 0, keep_lead: 0 }, now)).toBe('')
  expect(keptFor({ ...task, state: 'confirmed' }, now)).toBe('')
})
