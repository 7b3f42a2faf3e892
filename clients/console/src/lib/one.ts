// One thing read from the API, and read again when what it hangs on changes.
import { ref, shallowRef, watch, type WatchSource } from 'vue'
import { asProblem, type Problem } from '@/api/problem'

export function useOne<T>(read: () => Promise<T>, on: WatchSource[] = []) {
  const value = shallowRef<T | null>(null)
  const loading = ref(true)
  const problem = shallowRef<Problem | null>(null)
  let turn = 0

  async function reload(): Promise<void> {
    const mine = ++turn
    loading.value = true
    try {
      const fresh = await read()
      if (mine !== turn) return
      value.value = fresh
      problem.value = null
    } catch (error) {
      if (mine === turn) problem.value = asProblem(error)
    } finally {
      if (mine === turn) loading.value = false
    }
  }

  watch(on, reload, { immediate: true })
  return { value, loading, problem, reload }
}
