import { ref } from 'vue'

const place = 'linli.large'

/** Large type, chosen by the person and kept on the phone. */
export const large = ref(uni.getStorageSync(place) === true)

export function chooseLarge(on: boolean) {
  large.value = on
  uni.setStorageSync(place, on)
}
