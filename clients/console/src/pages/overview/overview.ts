// The month of an org in figures.
import { api, ask, type Schemas } from '@/api/client'

export type Figures = Schemas['Figures']
export type Overview = Schemas['Overview']

export const overviewOf = (orgId: string, month: string): Promise<Overview> =>
  ask(api.GET('/api/v1/orgs/{id}/overview', { params: { path: { id: orgId }, query: { month } } }))
