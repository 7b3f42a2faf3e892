import { expect, it } from 'vitest'
import type { Schemas } from '@/api/client'
import { blankTask, fromRequest, toForm } from './draft'

const request = {
  title: '陪母亲去取药',
  place: { name: '文化小区', address: '文化路 8 号', lat: 27.7, lng: 106.9 },
  safety: { two_people: true, adult_with_minors: false },
} as Schemas['RequestView']
const now = new Date('2026-11-24T09:00:00+08:00')

it('居民说了时间就用居民的，没说就是后天上午', () => {
  expect(fromRequest(request, now)).toMatchObject({
    title: '陪母亲去取药',
    day: '2026-11-26',
    from: '09:00',
    slots: 2,
    placeName: '文化小区',
  })
  const wished = { ...request, wanted_from: '2026-11-25T14:00:00+08:00', wanted_to: '2026-11-25T16:00:00+08:00' }
  expect(fromRequest(wished, now)).toMatchObject({ day: '2026-11-25', from: '14:00', until: '16:00' })
  const past = { ...request, wanted_from: '2026-11-20T14:00:00+08:00', wanted_to: '2026-11-20T16:00:00+08:00' }
  expect(fromRequest(past, now).day).toBe('2026-11-26')
})

it('留的名额跟着草稿走，发布以后不再送', () => {
  const draft = { ...blankTask('2026-11-24'), keepNew: 3, keepLead: true }
  expect(toForm(draft).keep).toEqual({ first_timers: 3, lead: true })
  expect(toForm(draft, { state: 'draft' } as Schemas['TaskPage']).keep).toEqual({ first_timers: 3, lead: true })
  expect('keep' in toForm(draft, { state: 'open' } as Schemas['TaskPage'])).toBe(false)
})

it('抽签的时间按北京时间送，不抽就不送时间', () => {
  const draft = { ...blankTask('2026-11-24'), drawAt: '2026-11-25T18:00' }
  expect(toForm(draft).draw_at).toBe('2026-11-25T18:00:00+08:00')
  expect(toForm(blankTask('2026-11-24')).draw_at).toBeNull()
})

it('空着的不送空字', () => {
  const form = toForm({ ...blankTask('2026-11-24'), title: ' 铲雪 ' })
  expect(form).toMatchObject({
    title: '铲雪',
    place: null,
    notes: null,
    lead_id: null,
    starts_at: '2026-11-26T09:00:00+08:00',
  })
})

it('范围和原来的组织只送一个；点名的人和扩大到哪里都带着', () => {
  const kept = { audience: { org_id: 'branch', people: ['zhao'], volunteers: true, widens_to: 'street' } }
  const task = kept as unknown as Schemas['TaskPage']
  const draft = { ...blankTask('2026-11-24'), widensTo: 'district' as const }
  expect(toForm(draft, task).audience).toEqual({
    org_id: 'branch',
    people: ['zhao'],
    widens_to: 'district',
    volunteers: true,
  })
  expect(toForm({ ...draft, ring: 'street' }, task).audience).toEqual({
    ring: 'street',
    people: ['zhao'],
    widens_to: 'district',
    volunteers: true,
  })
})
