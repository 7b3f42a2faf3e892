import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Line, type News, type Wire } from './line'

class FakeWire implements Wire {
  onopen: Wire['onopen'] = null
  onmessage: Wire['onmessage'] = null
  onclose: Wire['onclose'] = null
  closed = false
  close() {
    this.closed = true
  }
}

function lineWith(tokens: boolean[] = []) {
  const wires: FakeWire[] = []
  const line = new Line({
    address: () => 'ws://linli/api/v1/stream/orgs/1',
    token: async (anew) => (tokens.push(anew), 'good'),
    dial: () => (wires.push(new FakeWire()), wires.at(-1)!),
    chance: () => 1,
  })
  return { line, wires }
}
const news: News = { kind: 'task.changed', id: '7' }
const settle = () => vi.advanceTimersByTimeAsync(0)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('几页一起听，只连一次；都不听了就挂断', async () => {
  const { line, wires } = lineWith()
  const heard: string[] = []
  const leave = [line.listen((one) => heard.push(`a${one.id}`)), line.listen((one) => heard.push(`b${one.id}`))]
  await settle()
  wires[0]?.onopen?.()
  wires[0]?.onmessage?.({ data: JSON.stringify(news) })
  expect([wires.length, line.open, heard]).toEqual([1, true, ['a7', 'b7']])
  leave.forEach((go) => go())
  expect([wires[0]?.closed, line.open]).toEqual([true, false])
})

it('断了再连，一次比一次晚，最晚一分钟', async () => {
  const { line, wires } = lineWith()
  line.listen(() => {})
  await settle()
  for (let turn = 0; turn < 8; turn += 1) {
    wires.at(-1)?.onclose?.({ code: 1006 })
    await vi.advanceTimersByTimeAsync(Math.min(60_000, 1000 * 2 ** turn) - 1)
    expect(wires.length).toBe(turn + 1)
    await vi.advanceTimersByTimeAsync(1)
    expect(wires.length).toBe(turn + 2)
  }
})

it('登录到期就续登录再连', async () => {
  const tokens: boolean[] = []
  const { line, wires } = lineWith(tokens)
  line.listen(() => {})
  await settle()
  wires[0]?.onclose?.({ code: 4401 })
  await vi.advanceTimersByTimeAsync(1000)
  expect(tokens).toEqual([false, true])
})

it('换了社区，旧的那条断开也不再连', async () => {
  const { line, wires } = lineWith()
  line.listen(() => {})
  await settle()
  line.again()
  await settle()
  wires[0]?.onclose?.({ code: 1000 })
  await vi.advanceTimersByTimeAsync(120_000)
  expect(wires.length).toBe(2)
})

it('听不懂的话不理会，后面的照听', async () => {
  const { line, wires } = lineWith()
  const heard: string[] = []
  line.listen((one) => heard.push(one.id))
  await settle()
  for (const data of ['', '{', '7', 'null', '{"kind":1}', new Blob(), JSON.stringify(news)])
    wires[0]?.onmessage?.({ data })
  expect(heard).toEqual(['7'])
})

it('没人看的时候挂断，也不再连；有人看了马上连上', async () => {
  const { line, wires } = lineWith()
  line.listen(() => {})
  await settle()
  wires[0]?.onopen?.()
  line.rest(true)
  line.listen(() => {})
  line.again()
  await vi.advanceTimersByTimeAsync(120_000)
  expect([wires.length, wires[0]?.closed, line.open]).toEqual([1, true, false])
  line.rest(false)
  line.rest(false)
  await settle()
  expect(wires.length).toBe(2)
})
