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

  return { data, problem, loading, load }
}

/** A list read a page at a time. */
export function useList<T>(read: (cursor?: string) => Promise<Page<T>>) {
  const items = shallowRef<T[]>([])
  const cursor = ref<string | null>()
  const first = useLoad(async () => {
    const page = await read()
    items.value = page.items
    cursor.value = page.next_cursor
    return page
  })

  async function more() {
    if (!cursor.value || first.loading.value) return
    first.loading.value = true
    try {
      const page = await read(cursor.value)
      items.value = [...items.value, ...page.items]
      cursor.value = page.next_cursor
    } catch (error) {
      uni.showToast({ title: asProblem(error).detail, icon: 'none' })
    } finally {
      first.loading.value = false
    }
  }

  return { ...first, items, cursor, more }
}
