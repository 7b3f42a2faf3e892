import { dateOf, instant } from './time'

export type WantedDay = 'any' | '0' | '1' | '2' | '6'
export type WantedPart = 'day' | 'morning' | 'afternoon' | 'evening'

export const wantedDays = [
  { value: 'any', words: '都可以' },
  { value: '0', words: '今天' },
  { value: '1', words: '明天' },
  { value: '2', words: '后天' },
  { value: '6', words: '一周内' },
] as const
export const wantedParts = [
  { value: 'day', words: '整天都行' },
  { value: 'morning', words: '上午' },
  { value: 'afternoon', words: '下午' },
  { value: 'evening', words: '晚上' },
] as const

const hours: Record<WantedPart, [from: string, to: string]> = {
  day: ['08:00', '20:00'],
  morning: ['08:00', '12:00'],
  afternoon: ['13:00', '18:00'],
  evening: ['18:00', '21:00'],
}

const half = 30 * 60_000

/** The window a resident means by 明天 上午; what is already over today begins with the next half hour. */
export function wanted(day: WantedDay, part: WantedPart, now = Date.now()) {
  if (day === 'any') return {}
  const days = Number(day)
  const on = (away: number) => dateOf(now + away * 86_400_000)
  const [from, to] = hours[part]
  const first = new Date(instant(on(day === '6' ? 0 : days), from)).getTime()
  const last = new Date(instant(on(days), to)).getTime()
  const begin = Math.max(first, Math.ceil(now / half + 0.2) * half)
  const finish = Math.max(last, begin + 60 * 60_000)
  return { wanted_from: new Date(begin).toISOString(), wanted_to: new Date(finish).toISOString() }
}
