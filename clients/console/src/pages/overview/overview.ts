// The month of an org in figures, as `GET /orgs/{id}/overview?month=` answers it.
import { send } from '@/api/client'

export interface Figures {
  requests: number
  answered_in_time: number
  closed: number
  reopened: number
  overdue: number
  tasks: number
  slots: number
  filled: number
  people: number
  minutes: number
  corrected_minutes: number
  no_shows: number
  answers: number
  stars_average: number | null
  unconfirmed: number
  stories: number
}

export interface Overview {
  org_id: string
  org_name: string
  month: string
  as_of: string
  total: Figures
  previous: Figures
  days: { date: string; requests: number; closed: number; minutes: number }[]
  categories: { category: string; requests: number; closed: number }[]
  below: { org_id: string; org_name: string; total: Figures }[]
}

export async function overviewOf(orgId: string, month: string): Promise<Overview> {
  const answer = await send(new Request(new URL(`/api/v1/orgs/${orgId}/overview?month=${month}`, location.origin)))
  return answer.json()
}
