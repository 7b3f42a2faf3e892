import { reactive, ref, shallowRef } from 'vue'
import { type Problem, asProblem } from '@/api/problem'

/** One thing a person does by a tap: never twice at once, and a refusal is told where they tapped. */
export function useAct() {
  const busy = ref(false)
  const problem = shallowRef<Problem>()
  const faults: Record<string, string> = reactive({})

  async function act<T>(what: () => Promise<T>, done?: (answer: T) => unknown): Promise<void> {
    if (busy.value) return
    busy.value = true
    problem.value = undefined
    for (const field of Object.keys(faults)) delete faults[field]
    try {
      const answer = await what()
      await done?.(answer)
    } catch (error) {
      problem.value = asProblem(error)
      for (const fault of problem.value.faults) faults[fault.field] = fault.message
    } finally {
      busy.value = false
    }
  }

  return { busy, problem, faults, act }
}

export const told = (title: string) => uni.showToast({ title, icon: 'none', duration: 2500 })

export function sure(title: string, content: string, confirmText = '确定'): Promise<boolean> {
  return new Promise((resolve) => {
    uni.showModal({ title, content, confirmText, cancelText: '再想想', success: ({ confirm }) => resolve(confirm) })
  })
}
