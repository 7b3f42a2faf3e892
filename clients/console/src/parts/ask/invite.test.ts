import { expect, it, vi } from 'vitest'

vi.mock('@/api/client', () => ({ api: {}, ask: (one: unknown) => one }))
const { keptUntil } = await import('./invite')

it('名额留四小时，接单先截止的留到截止', () => {
  const now = new Date('2026-11-24T08:00:00+08:00')
  expect(keptUntil('2026-11-25T09:00:00+08:00', now)).toBe('2026-11-24T04:00:00.000Z')
  expect(keptUntil('2026-11-24T09:00:00+08:00', now)).toBe('2026-11-24T01:00:00.000Z')
})
