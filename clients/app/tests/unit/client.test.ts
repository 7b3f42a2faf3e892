import { beforeEach, describe, expect, it, vi } from 'vitest'
import { get, onSignedOut, post } from '@/api/client'
import { Problem } from '@/api/problem'
import { tokens } from '@/api/tokens'
import type { SignedIn } from '@/api/types'
import { wire } from './uni'

const signedIn = (access: string) => ({ access_token: access, refresh_token: `of ${access}`, expires_in: 900 }) as SignedIn
const stale = { status: 401, body: { code: 'auth.relogin', detail: '请重新登录' } }
const keys = () => wire.sent.map((call) => call.header['idempotency-key'])

beforeEach(() => tokens.keep(signedIn('first')))

describe('one tap', () => {
  it('keeps its key when the answer was lost, and is no longer a first attempt', async () => {
    wire.answers = ['lost', { status: 201, body: { id: 'a' } }]
    await expect(post('/tasks/1/claims')).rejects.toMatchObject({ lost: true })
    await expect(post('/tasks/1/claims')).resolves.toEqual({ id: 'a' })
    expect(keys()[0]).toBe(keys()[1])
    expect(wire.sent.map((call) => call.header.attempt)).toEqual(['1', undefined])
  })

  it('keeps its key when the server is too busy to know', async () => {
    wire.answers = [{ status: 503, body: {} }, { status: 201 }]
    await post('/tasks/2/claims').catch(() => undefined)
    await post('/tasks/2/claims')
    expect(keys()[0]).toBe(keys()[1])
  })

  it('is another one after a plain refusal, and with other words', async () => {
    wire.answers = [{ status: 409, body: { code: 'task_full', detail: '名额已满' } }, 'lost', { status: 201 }]
    await expect(post('/requests', { title: '一' })).rejects.toMatchObject({ code: 'task_full', detail: '名额已满' })
    await post('/requests', { title: '一' }).catch(() => undefined)
    await post('/requests', { title: '二' })
    expect(new Set(keys()).size).toBe(3)
  })
})

describe('a stale token', () => {
  it('is renewed once for all who notice, and their calls go through', async () => {
    wire.answers = [stale, stale, { status: 200, body: signedIn('second') }, { status: 200, body: 1 }, { status: 200, body: 2 }]
    expect(await Promise.all([get('/home'), get('/inbox')])).toEqual([1, 2])
    expect(wire.sent.filter((call) => call.url.endsWith('/auth/refresh'))).toHaveLength(1)
    expect(wire.sent.at(-1)!.header.authorization).toBe('Bearer second')
  })

  it('that cannot be renewed signs out, once and with the server’s words', async () => {
    const out = vi.fn()
    onSignedOut(out)
    wire.answers = [stale, stale]
    await expect(get('/home')).rejects.toBeInstanceOf(Problem)
    expect(out).toHaveBeenCalledOnce()
    expect(tokens.get()).toBeNull()
  })

  it('is kept while there is no network', async () => {
    wire.answers = [stale, 'lost']
    await expect(get('/home')).rejects.toMatchObject({ lost: true })
    expect(tokens.get()).not.toBeNull()
  })
})

it('reads the faults of fields, and names them as the forms do', async () => {
  const errors = [{ field: 'title', code: 'length', message: 'title 要有 2 到 40 个字' }]
  wire.answers = [{ status: 422, body: JSON.stringify({ code: 'validation', detail: errors[0].message, errors }) }]
  await expect(post('/requests', {})).rejects.toMatchObject({
    detail: '标题要有 2 到 40 个字',
    faults: [{ field: 'title', message: '标题要有 2 到 40 个字' }],
  })
})
