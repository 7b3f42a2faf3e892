import { reactive, watch } from 'vue'

/** What a person is writing, kept on the phone until it has been sent: nothing typed is lost by a call or a dead network. */
export function useDraft<T extends object>(name: string, empty: () => T) {
  const place = `linli.draft.${name}`
  const draft = reactive({ ...empty(), ...(uni.getStorageSync(place) || {}) }) as T
  const stop = watch(draft, (now) => uni.setStorageSync(place, JSON.parse(JSON.stringify(now))), { deep: true })

  function sent() {
    stop()
    uni.removeStorageSync(place)
  }

  return { draft, sent }
}
