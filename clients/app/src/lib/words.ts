import type { Card } from '@/api/types'
import { moment } from '@/lib/time'

/** `{a: 1, b: undefined}` → `?a=1`: what is not set is not asked for. */
export function query(values: Record<string, string | number | boolean | null | undefined>): string {
  const pairs = Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return pairs.length ? `?${pairs.join('&')}` : ''
}

export function distance(metres: number): string {
  return metres < 1000 ? `约 ${Math.max(100, Math.round(metres / 100) * 100)} 米` : `约 ${(metres / 1000).toFixed(1)} 公里`
}

/** The first words of a name on a round badge: 李建国 → 建国. */
export const badge = (name: string) => (name.length > 2 ? name.slice(-2) : name)

/** For whom seats are kept and until when; nothing where they are for all. */
export function keptFor(task: Pick<Card, 'keep_new' | 'keep_lead' | 'keep_until' | 'state'>, now = Date.now()): string {
  const whom = [
    task.keep_new ? `${task.keep_new} 个留给第一次参加的人` : '',
    task.keep_lead ? '1 个留给有经验的人' : '',
  ].filter(Boolean)
  if (task.state !== 'open' || !whom.length || !task.keep_until) return ''
  return `名额里 ${whom.join('，')}，${moment(task.keep_until, now)} 向大家开放`
}
