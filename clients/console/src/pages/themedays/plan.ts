// A plan as the form holds it: from the day itself, or from the rule of the branch.
import type { Schemas } from '@/api/client'
import { clock, isoDay } from '@/lib/time'

export interface Plan {
  theme: string
  day: string
  from: string
  until: string
  place: string
  steps: Schemas['AgendaStep'][]
  bring: string[]
  notes: string
}

const usual = () => ['唱歌曲', '讲党课', '学模范', '过生日', '齐行动'].map((title) => ({ title, fixed: true }))

export function blankPlan(
  month: string,
  date: string | undefined,
  rule: Schemas['ThemeDayRule'] | null,
  day?: Schemas['ThemeDayView'],
): Plan {
  if (day) {
    return {
      theme: day.theme,
      day: isoDay(day.starts_at),
      from: clock(day.starts_at),
      until: clock(day.ends_at),
      place: day.place ?? '',
      steps: day.steps.map((step) => ({ ...step })),
      bring: [...day.bring],
      notes: day.notes ?? '',
    }
  }
  const from = (rule?.starts ?? '15:00').slice(0, 5)
  return {
    theme: '',
    day: date ?? `${month}-25`,
    from,
    until: later(from, rule?.minutes ?? 120),
    place: rule?.place ?? '',
    steps: rule?.steps?.length ? rule.steps.map((step) => ({ ...step })) : usual(),
    bring: [...(rule?.bring ?? [])],
    notes: '',
  }
}

export function later(time: string, minutes: number): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  const total = Math.min(hour * 60 + minute + minutes, 23 * 60 + 59)
  return `${String(Math.floor(total / 60)).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`
}

export function formOf(plan: Plan): Schemas['ThemeDayForm'] {
  return {
    theme: plan.theme.trim(),
    place: plan.place.trim() || null,
    steps: plan.steps.filter((step) => step.title.trim()).map((step) => ({ ...step, title: step.title.trim() })),
    bring: plan.bring,
    notes: plan.notes.trim() || null,
  }
}
