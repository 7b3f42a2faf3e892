// A deadline in words first; the colour only repeats what the words say.
import { length } from './time'

export type Tone = 'late' | 'soon' | 'calm'

export interface Deadline {
  tone: Tone
  text: string
}

export function deadline(
  dueAt: string | null | undefined,
  level: string | null | undefined,
  now: number,
): Deadline | null {
  if (!dueAt) return null
  const minutes = (Date.parse(dueAt) - now) / 60_000
  if (minutes < 0) return { tone: 'late', text: `已超时 ${length(-minutes)}` }
  return { tone: level === 'soon' ? 'soon' : 'calm', text: `还有 ${length(minutes)}` }
}
