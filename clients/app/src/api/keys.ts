const letters = '0123456789abcdefghijklmnopqrstuvwxyz'

/** A name for one tap. It only has to differ from this person's other taps of the week. */
export function newKey(now = Date.now(), random = Math.random): string {
  let tail = ''
  for (let i = 0; i < 16; i += 1) tail += letters[Math.floor(random() * letters.length)]
  return `${now.toString(36)}-${tail}`
}

type Tap = { key: string; print: number }
const place = 'linli.taps'

/**
 * Keeps the key of a tap until the server has answered it, even when the app is closed in between: a retry after a
 * lost answer is the same tap, whereas other words, or another try after a plain refusal, are a new one.
 */
export class TapKeys {
  private readonly open: Record<string, Tap> = uni.getStorageSync(place) || {}

  take(name: string, words: string): { key: string; first: boolean } {
    const kept = this.open[name]
    const print = printOf(words)
    if (kept?.print === print) return { key: kept.key, first: false }
    const key = newKey()
    this.open[name] = { key, print }
    uni.setStorageSync(place, this.open)
    return { key, first: true }
  }

  answered(name: string) {
    delete this.open[name]
    uni.setStorageSync(place, this.open)
  }
}

// What was written is not kept a second time, only enough to tell it from something else.
function printOf(words: string): number {
  let print = 5381
  for (const letter of words) print = (print * 33 + letter.codePointAt(0)!) % 0x1fffffffffff
  return print
}
