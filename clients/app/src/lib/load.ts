import { ref, shallowRef } from 'vue'
import { type Problem, asProblem } from '@/api/problem'
import type { Page } from '@/api/types'

/** Something read from the server: what was there stays on screen while it is read again. */
export function useLoad<T>(read: () => Promise<T>) {
  const data = shallowRef<T>()
  const problem = shallowRef<Problem>()
  const loading = ref(false)

  async function load() {
    loading.value = true
    try {
      data.value = await read()
      problem.value = undefined
    } catch (error) {
      problem.value = asProblem(error)
    } finally {
      loading.value = false
      uni.stopPullDownRefresh()
    }
  }

  /** Reads again behind the page's back: when it fails, what is there stays, and nothing is said. */
  async function refresh() {
    if (!loading.value) data.value = await read().catch(() => data.value)
  }

  return { data, problem, loading, load, refresh }
}

/** A list read a page at a time. */
export function useList<T>(read: (cursor?: string) => Promise<Page<T>>) {
  const items = shallowRef<T[]>([])
  const cursor = ref<string | null>()
  let grown = false
  const first = useLoad(async () => {
    const page = await read()
    items.value = page.items
    cursor.value = page.next_cursor
    grown = false
    return page
  })
  // Whoever has read further down is not thrown back to the top.
  const refresh = async () => grown || first.refresh()

  async function more() {
    if (!cursor.value || first.loading.value) return
    first.loading.value = true
    try {
      const page = await read(cursor.value)
      items.value = [...items.value, ...page.items]
      grown = true
      cursor.value = page.next_cursor
    } catch (error) {
      uni.showToast({ title: asProblem(error).detail, icon: 'none' })
    } finally {
      first.loading.value = false
    }
  }

  return { ...first, refresh, items, cursor, more }
}
