// One page after another of a list, re-read from the start when what it hangs on changes.
import { ref, shallowRef, watch, type WatchSource } from 'vue'
import { asProblem, type Problem } from '@/api/problem'

export interface Page<T> {
  items: T[]
  next_cursor?: string | null
}

export function useList<T>(read: (cursor?: string) => Promise<Page<T>>, on: WatchSource[] = []) {
  const items = shallowRef<T[]>([])
  const next = ref<string | null>(null)
  const loading = ref(true)
  const problem = shallowRef<Problem | null>(null)
  let turn = 0

  async function take(cursor: string | undefined): Promise<void> {
    const mine = ++turn
    loading.value = true
    try {
      const page = await read(cursor)
      if (mine !== turn) return
      items.value = cursor ? [...items.value, ...page.items] : page.items
      next.value = page.next_cursor ?? null
      problem.value = null
    } catch (error) {
      if (mine === turn) problem.value = asProblem(error)
    } finally {
      if (mine === turn) loading.value = false
    }
  }

  const reload = () => take(undefined)
  const more = () => take(next.value ?? undefined)
  watch(on, reload, { immediate: true })
  return { items, next, loading, problem, reload, more }
}

/** Every page of a list that is known to be short (a roster, the tasks of two weeks), at most ten pages. */
export async function everyPage<T>(read: (cursor?: string) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = []
  let cursor: string | undefined
  for (let page = 0; page < 10; page += 1) {
    const part = await read(cursor)
    all.push(...part.items)
    if (!part.next_cursor) break
    cursor = part.next_cursor
  }
  return all
}
