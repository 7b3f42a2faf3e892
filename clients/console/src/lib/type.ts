// 大字: all type a quarter larger, remembered on this computer. Nothing is drawn before this has run.
import { ref, watch } from 'vue'

const place = 'linli.large'

export const large = ref(localStorage.getItem(place) !== null)

watch(large, (yes) => (yes ? localStorage.setItem(place, 'yes') : localStorage.removeItem(place)))
watch(large, (yes) => document.documentElement.classList.toggle('large', yes), { immediate: true })

/** For what is not laid out by CSS. */
export const scaled = (px: number) => (large.value ? px * 1.25 : px)
