import type { Notice } from '@/api/types'

type Told = Pick<Notice, 'kind' | 'subject_id' | 'task_id' | 'request_id'>
type Place = { page: string; values?: Record<string, string> }

/** Kinds, or what kinds begin with, that lead elsewhere than to their task or request; the first that fits counts. */
const rooms: [kind: string, to: (subject: string) => Place][] = [
  ['theme_day.unplanned', () => ({ page: 'theme-days' })],
  ['theme_day.overdue', () => ({ page: 'theme-days' })],
  ['theme_day.', (id) => ({ page: 'theme-day', values: { id } })],
  ['story.', (id) => ({ page: 'story', values: { id } })],
  ['absence.excuse_waiting', () => ({ page: 'desk' })],
  ['absence.appeal_waiting', () => ({ page: 'desk' })],
  ['absence.', (claim) => ({ page: 'absence', values: { claim } })],
  ['birthday.', () => ({ page: 'birthday' })],
  ['hours.', () => ({ page: 'hours' })],
  ['correction.', () => ({ page: 'hours' })],
  ['request.overdue', () => ({ page: 'desk' })],
]

export function placeOf(notice: Told): Place | undefined {
  const room = rooms.find(([kind]) => notice.kind.startsWith(kind))
  if (room) return room[1](notice.subject_id)
  if (notice.task_id) return { page: 'task', values: { id: notice.task_id } }
  if (notice.request_id) return { page: 'request', values: { id: notice.request_id } }
  return undefined
}
