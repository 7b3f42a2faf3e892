// Times as an office says them, always in Beijing time whatever the PC is set to.

const zone = 'Asia/Shanghai'
const part = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('zh-CN', { timeZone: zone, hour12: false, ...options })
const days = part({ month: 'long', day: 'numeric' })
const weekdays = part({ weekday: 'short' })
const clocks = part({ hour: '2-digit', minute: '2-digit' })
const isoDays = new Intl.DateTimeFormat('en-CA', { timeZone: zone })

export const isoDay = (at: string | Date) => isoDays.format(new Date(at))
export const day = (at: string | Date) => days.format(new Date(at))
export const weekday = (at: string | Date) => weekdays.format(new Date(at))
export const clock = (at: string | Date) => clocks.format(new Date(at))
export const moment = (at: string | Date) => `${day(at)} ${clock(at)}`
export const dayAndWeekday = (at: string | Date) => `${day(at)} ${weekday(at)}`
export const momentLong = (at: string | Date) => `${dayAndWeekday(at)} ${clock(at)}`

/** A line never ends between the two times: U+2060 joins. */
export function span(from: string, to: string): string {
  return isoDay(from) === isoDay(to)
    ? `${momentLong(from)}\u2060–\u2060${clock(to)}`
    : `${momentLong(from)} 到 ${momentLong(to)}`
}

/** `2026-11-23` and `14:30` as the API takes them. */
export const atBeijing = (date: string, time: string) => `${date}T${time}:00+08:00`

/** What a date picker hands out is a moment of the PC; its digits are meant in Beijing. */
export function fromPicker(text: string): string {
  return text ? `${text}+08:00` : ''
}

export const toPicker = (at?: string | null) => (at ? `${isoDay(at)}T${clock(at)}:00` : '')

export function addDays(date: string, count: number): string {
  return isoDay(new Date(Date.parse(`${date}T12:00:00+08:00`) + count * 86_400_000))
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
}

export function monthOf(date: string | Date): string {
  return isoDay(date).slice(0, 7)
}

export function addMonths(month: string, count: number): string {
  const [year = 0, index = 1] = month.split('-').map(Number)
  const total = year * 12 + index - 1 + count
  return `${Math.floor(total / 12)}-${String((total % 12) + 1).padStart(2, '0')}`
}

export const monthText = (month: string) => `${Number(month.slice(0, 4))} 年 ${Number(month.slice(5))} 月`

/** A length in the two units that matter: 45 分钟, 3 小时 20 分, 2 天 4 小时. */
export function length(minutes: number): string {
  const whole = Math.max(0, Math.round(minutes))
  if (whole < 60) return `${whole} 分钟`
  if (whole < 48 * 60) return `${Math.floor(whole / 60)} 小时${whole % 60 ? ` ${whole % 60} 分` : ''}`
  const hours = Math.floor((whole % 1440) / 60)
  return `${Math.floor(whole / 1440)} 天${hours ? ` ${hours} 小时` : ''}`
}

export const hours = (minutes: number) => `${Number((minutes / 60).toFixed(1))} 小时`
