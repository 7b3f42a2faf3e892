import { describe, expect, it } from 'vitest'
import type { Category } from '@/api/types'
import { wanted } from '@/lib/wanted'
import { distance, query } from '@/lib/words'
import { nothingYet, requestOf } from '@/pages/ask/form'

const now = Date.parse('2026-11-24T10:00:00+08:00')

describe('what a resident asks for', () => {
  const asking = { ...nothingYet(), org: 'o', category: '助老', title: ' 取药 ', detail: '去医院' }

  it('leaves out what was not said', () => {
    const form = requestOf(asking, undefined, now)
    expect(form).toMatchObject({ title: '取药', answers: [], photo_ids: [], urgent: false })
    expect(form.place).toBeUndefined()
    expect(form.on_behalf_of).toBeUndefined()
    expect(form).not.toHaveProperty('wanted_from')
  })

  it('answers the questions of its category, and no others', () => {
    const category = { questions: [{ text: '几楼', required: true }, { text: '有电梯吗', required: false }] } as Category
    const form = requestOf({ ...asking, answers: { 几楼: '五楼', 从前的问题: '别的' } }, category, now)
    expect(form.answers).toEqual([{ question: '几楼', answer: '五楼' }])
  })

  it('takes an address for a place when there is no other name', () => {
    expect(requestOf({ ...asking, address: '文化路 8 号' }, undefined, now).place).toEqual({ name: '文化路 8 号', address: '文化路 8 号' })
  })
})

describe('when it is wanted', () => {
  it('is a window of the day', () => {
    expect(wanted('1', 'morning', now)).toEqual({ wanted_from: '2026-11-25T00:00:00.000Z', wanted_to: '2026-11-25T04:00:00.000Z' })
  })

  it('never begins in the past, and never ends before it begins', () => {
    const late = wanted('0', 'morning', Date.parse('2026-11-24T15:00:00+08:00'))
    expect(late.wanted_from).toBe('2026-11-24T07:30:00.000Z')
    expect(late.wanted_to).toBe('2026-11-24T08:30:00.000Z')
  })
})

it('writes queries and distances', () => {
  expect(query({ q: '文化', cursor: undefined, limit: 5 })).toBe('?q=%E6%96%87%E5%8C%96&limit=5')
  expect(query({ q: '' })).toBe('')
  expect(distance(40)).toBe('约 100 米')
  expect(distance(1540)).toBe('约 1.5 公里')
})
