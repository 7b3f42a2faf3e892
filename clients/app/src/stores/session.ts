import { computed, ref, shallowRef, watch } from 'vue'
import { get, onSignedOut } from '@/api/client'
import { tokens } from '@/api/tokens'
import type { Home, SignedIn, User } from '@/api/types'
import { go } from '@/lib/go'

const place = 'linli.user'

/** Who I am, kept on the phone: a page opened from a message knows it before the server has answered. */
export const user = shallowRef<User | undefined>((tokens.get() && uni.getStorageSync(place)) || undefined)
watch(user, (now) => (now ? uni.setStorageSync(place, now) : uni.removeStorageSync(place)))

export const signedIn = ref(Boolean(tokens.get()))
export const unread = ref(0)

const desk = ['secretary', 'dispatcher', 'leader']
export const staff = computed(() => user.value?.roles.some((role) => desk.includes(role.role)) ?? false)
/** The branch whose secretary I am. */
export const led = computed(() => user.value?.roles.find((role) => role.role === 'secretary')?.org_id)
/** The branch I belong to, or lead. */
export const branch = computed(
  () => user.value?.memberships.find((place) => place.kind === 'home_branch' && place.state === 'confirmed')?.org_id ?? led.value,
)
export const residence = computed(
  () => (user.value?.memberships.find((place) => place.kind === 'residence') ?? user.value?.memberships[0])?.org_id,
)

export function begin(answer: SignedIn) {
  tokens.keep(answer)
  user.value = answer.user
  signedIn.value = true
}

/** Roles and places may have changed since. */
export async function refresh() {
  if (signedIn.value) user.value = await get<User>('/me').catch(() => user.value)
}

export function learn(home: Home) {
  user.value = home.user
  unread.value = home.unread
}

export function end() {
  tokens.drop()
  user.value = undefined
  signedIn.value = false
  unread.value = 0
}

onSignedOut(() => {
  end()
  go('sign-in')
})
