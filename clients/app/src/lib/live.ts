import { onHide, onShow, onUnload } from '@dcloudio/uni-app'
import { watch } from 'vue'
import { tokens } from '@/api/tokens'
import { live } from '@/api/wire'

type News = { kind: 'task.changed' | 'request.changed' | 'story.published'; id: string }

const again = 15_000

/**
 * Hears what changes in an org while the page is in sight, and reads again. A hint only: with no connection (too many
 * screens, a token that ended, a network that forbids it) the page goes on reading by itself, see `useFresh`.
 */
export function useLive(org: () => string | undefined, wanted: (news: News) => boolean, read: () => unknown) {
  let socket: UniApp.SocketTask | undefined
  let shown = false
  let reading: ReturnType<typeof setTimeout> | undefined

  // Twenty seats go within a second, before thousands of eyes: each phone reads once, and not all at the same moment.
  function soon() {
    reading ??= setTimeout(() => ((reading = undefined), read()), 200 + Math.random() * 800)
  }

  function open() {
    const [id, token] = [org(), tokens.get()]
    if (!shown || socket || !id || !token) return
    const one = uni.connectSocket({
      url: `${live()}/stream/orgs/${id}`,
      protocols: ['linli', `bearer.${token.access}`],
      complete: () => undefined,
    })
    socket = one
    one.onMessage(({ data }) => wanted(JSON.parse(data)) && soon())
    const gone = () => {
      if (socket !== one) return
      socket = undefined
      setTimeout(open, again)
    }
    one.onClose(gone)
    one.onError(gone)
  }

  function close() {
    const one = socket
    shown = false
    socket = undefined
    one?.close({})
  }

  watch(org, open)
  onShow(() => ((shown = true), open()))
  onHide(close)
  onUnload(close)
}
