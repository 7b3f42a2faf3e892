// Live: pages read again when the server says that something changed, and by the clock while it does not.
import { onBeforeUnmount, onMounted, watch } from 'vue'
import { session } from '@/api/session'
import { accessToken, refresh } from '@/api/tokens'
import { Line, type News, type Wire } from './line'
import { usePoll } from './poll'

/** What comes at once is read once. */
const BREATH = 300
/** How often one looks all the same: news may be lost. */
const SELDOM = 60_000

const line = new Line({
  address: () =>
    session.orgId.value && `${location.origin.replace(/^http/, 'ws')}/api/v1/stream/orgs/${session.orgId.value}`,
  token: async (anew) => {
    if (anew || !accessToken()) await refresh()
    return accessToken()
  },
  dial: (address, protocols) => new WebSocket(address, protocols) as Wire,
  chance: Math.random,
})
watch(session.orgId, () => line.again())
document.addEventListener('visibilitychange', () => line.rest(document.hidden))

/** Reads again on the news one wants; without a line every `everyMs`. */
export function useLive(read: () => Promise<unknown>, everyMs: number, wanted: (news: News) => boolean): void {
  let timer = 0
  let leave = () => {}
  const hear = (news: News) => {
    if (!wanted(news)) return
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void read(), BREATH)
  }
  onMounted(() => (leave = line.listen(hear)))
  onBeforeUnmount(() => {
    leave()
    window.clearTimeout(timer)
  })
  usePoll(read, () => (line.open ? SELDOM : everyMs))
}

export const ofTasks = (news: News) => news.kind === 'task.changed'
export const ofRequests = (news: News) => news.kind === 'request.changed'
