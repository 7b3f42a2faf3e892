import type { Category, Photo, RequestForm } from '@/api/types'
import type { Spot } from '@/lib/here'
import { type WantedDay, type WantedPart, wanted } from '@/lib/wanted'

/** For a community that has not set its own. */
export const usual = ['助老', '维修', '环境', '安全', '儿童', '咨询', '其他']

export type Asking = {
  org: string
  category: string
  title: string
  detail: string
  answers: Record<string, string>
  photos: Photo[]
  place: string
  spot?: Spot
  address: string
  day: WantedDay
  part: WantedPart
  urgent: boolean
  other: boolean
  otherName: string
  otherPhone: string
  otherConsent: string
}

export const nothingYet = (): Asking => ({
  org: '',
  category: '',
  title: '',
  detail: '',
  answers: {},
  photos: [],
  place: '',
  address: '',
  day: 'any',
  part: 'day',
  urgent: false,
  other: false,
  otherName: '',
  otherPhone: '',
  otherConsent: '',
})

export function requestOf(asking: Asking, category?: Category, now = Date.now()): RequestForm {
  const place = asking.place.trim() || asking.address.trim() || (asking.spot && '地图上标出的地方')
  const answers = (category?.questions ?? [])
    .map(({ text }) => ({ question: text, answer: (asking.answers[text] ?? '').trim() }))
    .filter(({ answer }) => answer)
  return {
    org_id: asking.org,
    category: asking.category,
    title: asking.title.trim(),
    detail: asking.detail.trim(),
    urgent: asking.urgent,
    photo_ids: asking.photos.map((photo) => photo.id),
    answers,
    place: place ? { name: place.slice(0, 60), address: asking.address.trim() || undefined, ...asking.spot } : undefined,
    on_behalf_of: asking.other
      ? { name: asking.otherName.trim(), phone: asking.otherPhone.trim(), consent: asking.otherConsent.trim() }
      : undefined,
    ...wanted(asking.day, asking.part, now),
  }
}
