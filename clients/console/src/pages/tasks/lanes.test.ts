import { expect, it } from 'vitest'
import type { Schemas } from '@/api/client'
import { lanes, needs } from './lanes'

const now = Date.parse('2026-11-24T10:00:00+08:00')
const task = (more: Partial<Schemas['Card']>) =>
  ({
    title: '',
    state: 'open',
    slots: 2,
    filled: 0,
    held: 0,
    starts_at: '2026-11-28T09:00:00+08:00',
    ends_at: '2026-11-28T11:00:00+08:00',
    ...more,
  }) as Schemas['Card']

it('等答复的名额也算占着', () => expect(needs(task({ slots: 3, filled: 1, held: 1 }))).toBe(1))

it('按要做的事分列', () => {
  const past = { starts_at: '2026-11-20T09:00:00+08:00', ends_at: '2026-11-20T11:00:00+08:00' }
  const all = [
    task({ state: 'draft' }),
    task({}),
    task({ filled: 2 }),
    task({ ...past, filled: 1 }),
    task({ ...past, state: 'reported' }),
  ]
  expect(lanes(all, now).map((lane) => lane.tasks.length)).toEqual([1, 1, 1, 2])
})
