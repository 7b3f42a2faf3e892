import { expect, it } from 'vitest'
import { placeOf } from '@/pages/inbox/place'

const told = (kind: string, more = {}) => placeOf({ kind, subject_id: 's', ...more })

it('leads to what a message is about', () => {
  expect(told('offer.made', { task_id: 't' })).toEqual({ page: 'task', values: { id: 't' } })
  expect(told('request.done', { request_id: 'r' })).toEqual({ page: 'request', values: { id: 'r' } })
  expect(told('theme_day.planned')).toEqual({ page: 'theme-day', values: { id: 's' } })
  expect(told('theme_day.unplanned')).toEqual({ page: 'theme-days' })
  expect(told('absence.excuse_refused', { task_id: 't' })).toEqual({ page: 'absence', values: { claim: 's' } })
  expect(told('story.published', { task_id: 't' })).toEqual({ page: 'story', values: { id: 's' } })
})

it('leads nowhere when there is nothing to open', () => {
  expect(told('figures.week')).toBeUndefined()
})
