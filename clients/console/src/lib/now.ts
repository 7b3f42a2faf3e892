// One clock for every age and deadline on the page, turning once in half a minute.
import { readonly, ref } from 'vue'

const now = ref(Date.now())
window.setInterval(() => (now.value = Date.now()), 30_000)

export const useNow = () => readonly(now)
