// A task as the form holds it, and as the API takes it.
import type { Schemas } from '@/api/client'
import { addDays, atBeijing, clock, isoDay, toPicker } from '@/lib/time'

export interface TaskDraft {
  title: string
  day: string
  from: string
  until: string
  slots: number
  placeName: string
  address: string
  lat?: number
  lng?: number
  notes: string
  leadId?: string
  leadName?: string
  skills: string[]
  minTurnout?: number
  points?: number
  volunteers: boolean
  ring: Schemas['OrgKind'] | ''
  widensTo: Schemas['OrgKind'] | ''
  /** Seats for first-timers, and one for somebody experienced; until the house's own time. */
  keepNew?: number
  keepLead: boolean
  /** Beijing time, `YYYY-MM-DDTHH:mm`; empty: who comes first. */
  drawAt: string
}

export function blankTask(today = isoDay(new Date())): TaskDraft {
  return {
    title: '',
    day: addDays(today, 2),
    from: '09:00',
    until: '11:00',
    slots: 2,
    placeName: '',
    address: '',
    notes: '',
    skills: [],
    volunteers: true,
    ring: '',
    widensTo: '',
    keepLead: false,
    drawAt: '',
  }
}

/** The resident's wish where there is one; otherwise the day after tomorrow in the morning. */
export function fromRequest(request: Schemas['RequestView'], now = new Date()): TaskDraft {
  const draft = blankTask(isoDay(now))
  const { wanted_from: from, wanted_to: until, place } = request
  if (from && until && new Date(from) > now && isoDay(from) === isoDay(until))
    Object.assign(draft, { day: isoDay(from), from: clock(from), until: clock(until) })
  return {
    ...draft,
    title: request.title,
    slots: request.safety?.two_people ? 2 : 1,
    placeName: place?.name ?? '',
    address: place?.address ?? '',
    lat: place?.lat ?? undefined,
    lng: place?.lng ?? undefined,
  }
}

export function fromTask(task: Schemas['TaskPage']): TaskDraft {
  return {
    title: task.title,
    day: isoDay(task.starts_at),
    from: clock(task.starts_at),
    until: clock(task.ends_at),
    slots: task.slots,
    placeName: task.place_name ?? task.place?.name ?? '',
    address: task.address ?? '',
    lat: task.place?.lat ?? undefined,
    lng: task.place?.lng ?? undefined,
    notes: task.notes ?? '',
    leadId: task.lead?.id,
    leadName: task.lead?.name,
    skills: [...task.skills],
    minTurnout: task.min_turnout ?? undefined,
    points: task.points || undefined,
    volunteers: task.volunteers,
    ring: task.audience?.ring ?? '',
    widensTo: task.audience?.widens_to ?? '',
    keepNew: task.keep_new || undefined,
    keepLead: !!task.keep_lead,
    drawAt: toPicker(task.draw_at).slice(0, 16),
  }
}

/** `kept`: the task as it stands, for what the form does not show. */
export function toForm(draft: TaskDraft, kept?: Schemas['TaskPage']): Schemas['TaskForm'] {
  const place = draft.placeName.trim()
    ? {
        name: draft.placeName.trim(),
        address: draft.address.trim() || null,
        lat: draft.lat ?? null,
        lng: draft.lng ?? null,
      }
    : null
  return {
    title: draft.title.trim(),
    slots: draft.slots,
    starts_at: atBeijing(draft.day, draft.from),
    ends_at: atBeijing(draft.day, draft.until),
    place,
    notes: draft.notes.trim() || null,
    lead_id: draft.leadId || null,
    skills: draft.skills,
    min_turnout: draft.minTurnout ?? null,
    points: draft.points ?? null,
    ...(kept ? { opens_at: kept.opens_at, claim_until: kept.claim_until, leave_until: kept.leave_until } : {}),
    audience: { ...audienceOf(draft, kept), volunteers: draft.volunteers },
    // What is kept of an open task, and its draw, stay as they are.
    ...(kept?.state === 'open'
      ? {}
      : {
          keep: { first_timers: draft.keepNew ?? 0, lead: draft.keepLead },
          draw_at: draft.drawAt ? `${draft.drawAt}:00+08:00` : null,
        }),
  }
}

/** Named people and a branch of its own stay as they were: the form does not show them. */
function audienceOf(draft: TaskDraft, kept?: Schemas['TaskPage']): Partial<Schemas['Audience']> {
  const { people = null, org_id = null } = kept?.audience ?? {}
  const widens_to = draft.widensTo || null
  return draft.ring ? { people, ring: draft.ring, widens_to } : { people, org_id, widens_to }
}
