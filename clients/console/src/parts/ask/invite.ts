// Asking people by name: a seat is kept for each of them for a while, never beyond the end of claiming.
import { api, ask } from '@/api/client'

/** Hours a seat is kept for somebody who was asked. */
const KEPT_HOURS = 4

export function keptUntil(claimUntil: string, now = new Date()): string {
  const latest = new Date(now.getTime() + KEPT_HOURS * 3_600_000)
  return (latest < new Date(claimUntil) ? latest : new Date(claimUntil)).toISOString()
}

export const invite = (task: { id: string; claim_until: string }, people: string[]) =>
  ask(
    api.POST('/api/v1/tasks/{id}/offers', {
      params: { path: { id: task.id } },
      body: { user_ids: people, expires_at: keptUntil(task.claim_until) },
    }),
  )
