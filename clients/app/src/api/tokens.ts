import type { SignedIn } from './types'

type Tokens = { access: string; refresh: string }
const place = 'linli.tokens'

let kept: Tokens | null = uni.getStorageSync(place) || null

export const tokens = {
  get: () => kept,
  keep(answer: SignedIn) {
    kept = { access: answer.access_token, refresh: answer.refresh_token }
    uni.setStorageSync(place, kept)
  },
  drop() {
    kept = null
    uni.removeStorageSync(place)
  },
}
