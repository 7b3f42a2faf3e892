import { describe, expect, it } from 'vitest'
import { deadline } from './deadline'
import { weeks } from './month'
import { addDays, addMonths, atBeijing, clock, daysBetween, isoDay, length, span } from './time'

describe('时间', () => {
  it('总是北京时间', () => {
    expect(isoDay('2026-11-23T17:00:00Z')).toBe('2026-11-24')
    expect(clock('2026-11-23T17:05:00Z')).toBe('01:05')
    expect(atBeijing('2026-11-24', '09:00')).toBe('2026-11-24T09:00:00+08:00')
  })

  it('半夜写成 00:00，不写成 24:00', () => expect(clock('2026-11-24T00:00:00+08:00')).toBe('00:00'))

  it('同一天只说一次日子', () => {
    expect(span('2026-11-28T09:00:00+08:00', '2026-11-28T11:00:00+08:00')).toBe('11月28日 周六 09:00\u2060–\u206011:00')
    expect(span('2026-11-28T22:00:00+08:00', '2026-11-29T01:00:00+08:00')).toContain(' 到 11月29日')
  })

  it('长短用人的说法', () => {
    expect(length(-5)).toBe('0 分钟')
    expect(length(59)).toBe('59 分钟')
    expect(length(90)).toBe('1 小时 30 分')
    expect(length(120)).toBe('2 小时')
    expect(length(3 * 1440 + 60)).toBe('3 天 1 小时')
  })

  it('跨月跨年', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(addMonths('2026-11', 2)).toBe('2027-01')
    expect(addMonths('2026-01', -1)).toBe('2025-12')
    expect(daysBetween('2026-11-24', '2026-12-01')).toBe(7)
  })
})

describe('期限', () => {
  const now = Date.parse('2026-11-24T10:00:00+08:00')
  it('先用话说', () => {
    expect(deadline('2026-11-24T08:00:00+08:00', 'overdue', now)).toEqual({ tone: 'late', text: '已超时 2 小时' })
    expect(deadline('2026-11-24T12:00:00+08:00', 'soon', now)).toEqual({ tone: 'soon', text: '还有 2 小时' })
    expect(deadline('2026-11-30T10:00:00+08:00', 'on_time', now)).toEqual({ tone: 'calm', text: '还有 6 天' })
    expect(deadline(null, null, now)).toBeNull()
  })
})

describe('月历', () => {
  it('星期一开头，补齐整周', () => {
    const november = weeks('2026-11')
    expect(november[0]).toEqual([null, null, null, null, null, null, '2026-11-01'])
    expect(november).toHaveLength(6)
    expect(weeks('2027-02')).toHaveLength(4)
  })
})
