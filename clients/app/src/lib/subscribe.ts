import { get, post } from '@/api/client'
import type { Body } from '@/api/types'

type Tap = 'claim' | 'theme_day' | 'profile'

let asked: Partial<Record<Tap, string[]>> = {}

/** Reads ahead what to ask for: WeChat shows its window only straight after a tap, with no waiting between. */
export async function readAhead(at: Tap) {
  // #ifdef MP-WEIXIN
  try {
    asked[at] = (await get<Body<'Prompt'>>(`/subscriptions/prompt?at=${at}`)).template_ids
  } catch {
    asked[at] = []
  }
  // #endif
}

/** Asks, in the tap itself, whether WeChat may bring one message each. Saying no changes nothing else. */
export function askInTap(at: Tap) {
  // #ifdef MP-WEIXIN
  const ids = asked[at] ?? []
  asked = { ...asked, [at]: [] }
  if (!ids.length) return
  uni.requestSubscribeMessage({
    tmplIds: ids,
    success: (told) => {
      const answer = told as unknown as Record<string, string>
      const results = Object.fromEntries(ids.map((id) => [id, answer[id]]).filter(([, said]) => said))
      void post('/subscriptions/report', { results }).catch(() => undefined)
    },
  })
  // #endif
}
