// Which lane of the board a task stands in: what the office has to do about it decides, not its stored state alone.
import type { Schemas } from '@/api/client'

type Card = Schemas['Card']

export const needs = (task: Card) => Math.max(0, task.slots - task.filled - task.held)

export interface Lane {
  name: string
  text: string
  empty: string
  tasks: Card[]
}

export function lanes(tasks: Card[], now: number): Lane[] {
  const byStart = [...tasks].sort((a, b) => a.starts_at.localeCompare(b.starts_at))
  const over = (task: Card) => Date.parse(task.ends_at) < now
  const of = (keep: (task: Card) => boolean) => byStart.filter(keep)
  return [
    { name: 'draft', text: '草稿', empty: '没有草稿。', tasks: of((task) => task.state === 'draft') },
    {
      name: 'short',
      text: '还缺人',
      empty: '都招满了。',
      tasks: of((task) => task.state === 'open' && !over(task) && needs(task) > 0),
    },
    {
      name: 'full',
      text: '人齐了',
      empty: '还没有招满的任务。',
      tasks: of((task) => task.state === 'open' && !over(task) && needs(task) === 0),
    },
    {
      name: 'after',
      text: '等上报、等确认',
      empty: '没有等着确认的任务。',
      tasks: of((task) => task.state === 'reported' || (task.state === 'open' && over(task))),
    },
  ]
}
