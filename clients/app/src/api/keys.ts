const letters = '0123456789abcdefghijklmnopqrstuvwxyz'

/** A name for one tap. It only has to differ from this person's other taps of the week. */
export function newKey(now = Date.now(), random = Math.random): string {
  let tail = ''
  for (let i = 0; i < 16; i += 1) tail += letters[Math.floor(random() * letters.length)]
  return `${now.toString(36)}-${tail}`
}

/**
 * Keeps the key of a tap until the server has answered it: a retry after a lost answer is the same tap,
 * whereas other words, or another try after a plain refusal, are a new one.
 */
export class TapKeys {
  private readonly open = new Map<string, { key: string; words: string }>()

  take(name: string, words: string): { key: string; first: boolean } {
    const kept = this.open.get(name)
    if (kept && kept.words === words) return { key: kept.key, first: false }
    const key = newKey()
    this.open.set(name, { key, words })
    return { key, first: true }
  }

  answered(name: string) {
    this.open.delete(name)
  }
}
