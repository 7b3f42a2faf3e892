// A tap on a button: one at a time, says what came of it in the server's words, keeps field errors for the form.
import { ref, shallowRef } from 'vue'
import { ElMessage } from 'element-plus/es/components/message/index'
import 'element-plus/es/components/message/style/css'
import { asProblem, type Problem } from '@/api/problem'

export function useAct() {
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)

  /** Whether it was done. Field errors stay at the fields, everything else is also said aloud. */
  async function run(act: () => Promise<unknown>, done?: string): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = null
    try {
      await act()
      if (done) ElMessage.success({ message: done, duration: 4000 })
      return true
    } catch (error) {
      problem.value = asProblem(error)
      ElMessage.error({ message: problem.value.message, duration: 8000, showClose: true })
      return false
    } finally {
      busy.value = false
    }
  }

  const at = (field: string) => problem.value?.at(field) ?? ''
  return { busy, problem, run, at }
}
