const days = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']
const hour = 3_600_000
const ahead = 8 * hour

// Every time is told as China's clock shows it, wherever the phone believes it is.
const china = (at: string | number) => new Date(new Date(at).getTime() + ahead)
const two = (n: number) => String(n).padStart(2, '0')
const dayNumber = (at: string | number) => Math.floor(china(at).getTime() / (24 * hour))

export function clock(at: string): string {
  const when = china(at)
  return `${two(when.getUTCHours())}:${two(when.getUTCMinutes())}`
}

/** 今天, 明天, 昨天, or 11月24日 周二; with the year when it is another one. */
export function day(at: string, now = Date.now()): string {
  const away = dayNumber(at) - dayNumber(now)
  const near = ({ 0: '今天', 1: '明天', '-1': '昨天' } as Record<string, string>)[away]
  if (near) return near
  const when = china(at)
  const year = when.getUTCFullYear() === china(now).getUTCFullYear() ? '' : `${when.getUTCFullYear()}年`
  return `${year}${when.getUTCMonth() + 1}月${when.getUTCDate()}日 ${days[when.getUTCDay()]}`
}

export const moment = (at: string, now = Date.now()) => `${day(at, now)} ${clock(at)}`

/** The last day, or the last moment, of a promise: one that ends at midnight ends with the day before. */
export function until(at: string, now = Date.now()): string {
  const last = new Date(at).getTime() - 1
  return clock(at) === '00:00' ? day(new Date(last).toISOString(), now) : moment(at, now)
}

export function span(from: string, to: string, now = Date.now()): string {
  const sameDay = dayNumber(from) === dayNumber(to)
  return `${moment(from, now)} – ${sameDay ? clock(to) : moment(to, now)}`
}

/** 还有 2 小时, for a deadline; 已过 when it is behind. */
export function left(until: string, now = Date.now()): string {
  const minutes = Math.ceil((new Date(until).getTime() - now) / 60_000)
  if (minutes <= 0) return '已过时间'
  if (minutes < 60) return `还有 ${minutes} 分钟`
  if (minutes < 48 * 60) return `还有 ${Math.floor(minutes / 60)} 小时`
  return `还有 ${Math.floor(minutes / 1440)} 天`
}

export function length(minutes: number): string {
  const whole = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (!whole) return `${rest} 分钟`
  return rest ? `${whole} 小时 ${rest} 分钟` : `${whole} 小时`
}

/** 2026-11-24, as China's clock reads it. */
export const dateOf = (at: string | number) => china(at).toISOString().slice(0, 10)
export const instant = (date: string, time: string) => `${date}T${time}:00+08:00`
export const monthOf = (at: number) => dateOf(at).slice(0, 7)
