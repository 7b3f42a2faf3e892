// Who is signed in, for which org they are looking, and what their roles reach there.
import { computed, reactive } from 'vue'
import { api, ask, onSignedOut, type Schemas } from './client'
import { forget, keep, refreshToken } from './tokens'

export type Role = Schemas['Role']
/** Who the API lets do what, by the kind of work. */
export const duty = {
  dispatch: ['dispatcher'],
  review: ['dispatcher', 'secretary', 'leader'],
  party: ['secretary', 'leader'],
  keep: ['operator', 'leader'],
  settle: ['operator', 'leader', 'dispatcher'],
} as const satisfies Record<string, readonly Role[]>

export type OrgDetail = Schemas['OrgDetail']

const orgPlace = 'linli.org'

const state = reactive({
  user: null as Schemas['UserView'] | null,
  org: null as OrgDetail | null,
  homes: [] as OrgDetail[],
})

/** Roles that reach the org one looks at: granted there or above it. */
const roles = computed<Role[]>(() => {
  const above = new Set([state.org?.id, ...(state.org?.ancestors.map((one) => one.id) ?? [])])
  return (state.user?.roles ?? []).filter((grant) => above.has(grant.org_id)).map((grant) => grant.role)
})

export const session = {
  state,
  roles,
  may: (allowed: readonly Role[]) => allowed.some((role) => roles.value.includes(role)),
  /** The API's lists take one org exactly; where one's own office begins, leaving it out means all that one's roles reach. */
  within: computed(() =>
    state.homes.length === 1 && state.homes[0]?.id === state.org?.id ? {} : { org_id: state.org?.id },
  ),
  /** Said where a list of a street or district is empty only because it takes one community at a time. */
  hint: computed(() =>
    state.homes.some((home) => home.id === state.org?.id) ||
    ['community', 'branch', 'group', 'unit'].includes(state.org?.kind ?? '')
      ? ''
      : '这里要一个社区一个社区地看，请在左上角选一个社区。',
  ),
  orgId: computed(() => state.org?.id ?? ''),
}

export async function signIn(username: string, password: string): Promise<void> {
  keep(await ask(api.POST('/api/v1/auth/password', { body: { username, password } })))
  await load()
}

export async function restore(): Promise<boolean> {
  if (state.user) return true
  if (!refreshToken()) return false
  await load()
  return true
}

async function load(): Promise<void> {
  const user = await ask(api.GET('/api/v1/me'))
  const ids = [...new Set(user.roles.map((grant) => grant.org_id))]
  state.homes = await Promise.all(ids.map(orgOf))
  state.user = user
  const last = sessionStorage.getItem(orgPlace)
  state.org = (last && (await orgOf(last).catch(() => null))) || state.homes[0] || null
}

const orgOf = (id: string) => ask(api.GET('/api/v1/orgs/{id}', { params: { path: { id } } }))

export async function lookAt(orgId: string): Promise<void> {
  state.org = await orgOf(orgId)
  sessionStorage.setItem(orgPlace, orgId)
}

export async function signOut(): Promise<void> {
  await api.POST('/api/v1/auth/logout').catch(() => null)
  leave()
}

/** Drafts hold residents' words, so nothing of a session outlives it. */
export function leave(): void {
  forget()
  sessionStorage.clear()
  state.user = null
  state.org = null
}

onSignedOut(() => {
  forget()
  state.user = null
})
