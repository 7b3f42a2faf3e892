// What is typed is kept in the tab until it has been accepted: a reload, a lost network or a wrong click loses nothing.
import { reactive, watch } from 'vue'

export function useDraft<T extends object>(name: string, blank: () => T) {
  const place = `linli.draft.${name}`
  const kept = sessionStorage.getItem(place)
  const form = reactive({ ...blank(), ...(kept ? JSON.parse(kept) : {}) }) as T
  let resting = false

  watch(form, () => {
    if (!resting) sessionStorage.setItem(place, JSON.stringify(form))
  })

  function clear(): void {
    resting = true
    Object.assign(form, blank())
    sessionStorage.removeItem(place)
    queueMicrotask(() => (resting = false))
  }

  return { form, clear, restored: kept !== null }
}
