// A phone made of memory: storage that lasts as long as the test, and a server that answers what it is told to.
import { beforeEach } from 'vitest'

type Sent = { url: string; method: string; data: unknown; header: Record<string, string> }
type Answer = { status: number; body?: unknown } | 'lost'

const store = new Map<string, unknown>()
export const wire = { sent: [] as Sent[], answers: [] as Answer[] }

Object.assign(globalThis, {
  uni: {
    getStorageSync: (key: string) => store.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => store.set(key, value),
    removeStorageSync: (key: string) => store.delete(key),
    request(call: Sent & { success: (answer: { statusCode: number; data: unknown }) => void; fail: () => void }) {
      wire.sent.push({ url: call.url, method: call.method, data: call.data, header: call.header })
      const answer = wire.answers.shift() ?? { status: 200, body: {} }
      setTimeout(() => (answer === 'lost' ? call.fail() : call.success({ statusCode: answer.status, data: answer.body })))
    },
  },
})

beforeEach(() => {
  store.clear()
  wire.sent = []
  wire.answers = []
})
