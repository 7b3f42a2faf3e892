import { describe, expect, it } from 'vitest'
import { clock, day, instant, left, length, span, until } from '@/lib/time'

const now = Date.parse('2026-11-24T23:50:00+08:00')

describe('days as China’s clock shows them', () => {
  it('has words for the near ones', () => {
    expect(day('2026-11-24T00:01:00+08:00', now)).toBe('今天')
    expect(day('2026-11-25T00:01:00+08:00', now)).toBe('明天')
    expect(day('2026-11-23T23:59:00+08:00', now)).toBe('昨天')
    expect(day('2026-11-28T09:00:00+08:00', now)).toBe('11月28日 周六')
    expect(day('2027-01-01T00:00:00+08:00', now)).toBe('2027年1月1日 周五')
  })

  it('is not confused by another zone', () => {
    expect(clock('2026-11-24T16:30:00Z')).toBe('00:30')
    expect(day('2026-11-24T16:30:00Z', now)).toBe('明天')
  })
})

it('tells a span, on one day and over midnight', () => {
  expect(span('2026-11-24T09:00:00+08:00', '2026-11-24T11:00:00+08:00', now)).toBe('今天 09:00 – 11:00')
  expect(span('2026-11-24T23:00:00+08:00', '2026-11-25T01:00:00+08:00', now)).toBe('今天 23:00 – 明天 01:00')
})

it('tells the last day of a promise that ends at midnight', () => {
  expect(until('2026-11-26T00:00:00+08:00', now)).toBe('明天')
  expect(until('2026-11-25T10:00:00+08:00', now)).toBe('明天 10:00')
})

it('tells what is left, and how long it took', () => {
  expect(left('2026-11-24T23:50:00+08:00', now)).toBe('已过时间')
  expect(left('2026-11-25T00:05:00+08:00', now)).toBe('还有 15 分钟')
  expect(left('2026-11-25T23:55:00+08:00', now)).toBe('还有 24 小时')
  expect(left('2026-11-28T23:55:00+08:00', now)).toBe('还有 4 天')
  expect(length(45)).toBe('45 分钟')
  expect(length(120)).toBe('2 小时')
  expect(length(125)).toBe('2 小时 5 分钟')
})

it('writes an instant the server reads', () => {
  expect(new Date(instant('2026-11-24', '14:00')).toISOString()).toBe('2026-11-24T06:00:00.000Z')
})
