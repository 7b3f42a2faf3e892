import { beforeEach, expect, it, vi } from 'vitest'
import { accessToken, forget, keep, refresh, refreshToken } from './tokens'

const kept = new Map<string, string>()
vi.stubGlobal('sessionStorage', {
  getItem: (name: string) => kept.get(name) ?? null,
  setItem: (name: string, value: string) => void kept.set(name, value),
  removeItem: (name: string) => void kept.delete(name),
})
const tokens = (turn: number) => ({ access_token: `a${turn}`, refresh_token: `r${turn}`, expires_in: 900 })

beforeEach(() => {
  forget()
  keep(tokens(1))
})

it('几处同时发现令牌过期，只刷新一次', async () => {
  const send = vi.fn(async () => Response.json(tokens(2)))
  expect(await Promise.all([refresh(send), refresh(send), refresh(send)])).toEqual([true, true, true])
  expect(send).toHaveBeenCalledTimes(1)
  expect([accessToken(), refreshToken()]).toEqual(['a2', 'r2'])
})

it('刷新被拒绝就忘掉，服务出错就留着', async () => {
  expect(await refresh(async () => new Response('', { status: 503 }))).toBe(false)
  expect(refreshToken()).toBe('r1')
  expect(await refresh(async () => new Response('', { status: 401 }))).toBe(false)
  expect(refreshToken()).toBe('')
})
