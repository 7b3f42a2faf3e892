/** What the code on a poster says: whose it is, and the letters to check in with. */
export type Poster = { task: string; code: string }

const plain = /^linli:check-in:([0-9a-f-]{36}):([A-Z0-9]+)$/i
/** 22 signs of the task's id, then the code. */
const packed = /^([\w-]{22})([A-Z0-9]{4,10})$/

/** An ordinary QR. */
export function posterOf(words: string): Poster | undefined {
  const [, task, code] = plain.exec(words.trim()) ?? []
  return task ? { task, code } : undefined
}

/** WeChat's own code: a page of ours with a `scene`. */
export function sceneOf(scene = ''): Poster | undefined {
  const [, id, code] = packed.exec(decodeURIComponent(scene)) ?? []
  return id ? { task: uuidOf(id), code } : undefined
}

const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

function uuidOf(base64: string): string {
  const bits = [...base64].map((sign) => signs.indexOf(sign).toString(2).padStart(6, '0')).join('')
  const hex = Array.from({ length: 32 }, (_, n) => Number.parseInt(bits.slice(n * 4, n * 4 + 4), 2).toString(16)).join('')
  return [0, 8, 12, 16, 20].map((from, n) => hex.slice(from, [8, 12, 16, 20, 32][n])).join('-')
}
