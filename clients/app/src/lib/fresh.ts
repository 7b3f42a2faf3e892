import { onHide, onShow, onUnload } from '@dcloudio/uni-app'

/**
 * Reads again what is on screen, every so many seconds for as long as it is in sight: seats go while one looks.
 * The reading itself keeps what is there when it fails.
 */
export function useFresh(read: () => unknown, seconds: number) {
  let timer: ReturnType<typeof setInterval> | undefined
  const stop = () => clearInterval(timer)

  onShow(() => {
    stop()
    timer = setInterval(read, seconds * 1000)
  })
  onHide(stop)
  onUnload(stop)
}
