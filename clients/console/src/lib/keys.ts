// Keyboard shortcuts: single letters, never while someone is typing or a dialog is open.
import { onBeforeUnmount, onMounted } from 'vue'

export type Shortcuts = Record<string, (event: KeyboardEvent) => void>

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

const dialogOpen = () => document.querySelector('.el-overlay:not([style*="display: none"])') !== null

/** `g t` is two keys in a row; everything else is one key. */
export function useShortcuts(shortcuts: Shortcuts): void {
  let first = ''
  let since = 0

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || dialogOpen()) return
    const pair = event.timeStamp - since < 1200 && first ? `${first} ${event.key}` : event.key
    const act = shortcuts[pair] ?? shortcuts[event.key]
    first = event.key
    since = event.timeStamp
    if (!act) return
    event.preventDefault()
    first = ''
    act(event)
  }

  onMounted(() => document.addEventListener('keydown', onKey))
  onBeforeUnmount(() => document.removeEventListener('keydown', onKey))
}
