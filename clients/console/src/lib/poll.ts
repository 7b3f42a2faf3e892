// Live by polling: not while the tab is hidden, at once when it comes back, slower while the network is down.
import { onBeforeUnmount, onMounted } from 'vue'

export function usePoll(read: () => Promise<unknown>, every: number | (() => number)): void {
  const everyMs = typeof every === 'number' ? () => every : every
  let timer = 0
  let stopped = false

  async function turn(): Promise<void> {
    window.clearTimeout(timer)
    if (!document.hidden) await read()
    if (!stopped) timer = window.setTimeout(turn, navigator.onLine ? everyMs() : everyMs() * 4)
  }

  const back = () => void (document.hidden || turn())
  onMounted(() => {
    timer = window.setTimeout(turn, everyMs())
    document.addEventListener('visibilitychange', back)
  })
  onBeforeUnmount(() => {
    stopped = true
    window.clearTimeout(timer)
    document.removeEventListener('visibilitychange', back)
  })
}
