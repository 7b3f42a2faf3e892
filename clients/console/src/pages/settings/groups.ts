// The order settings are shown in. A setting the API adds later stands under 其他, so none is ever hidden.
import type { Schemas } from '@/api/client'

export interface Group {
  title: string
  about: string
  names: string[]
  lockable?: boolean
}

export const groups: Group[] = [
  {
    title: '减负开关',
    about: '默认都关着。上级可以禁止，禁止以后下级打不开。',
    names: ['points_enabled', 'ranking_enabled', 'check_in_by_place', 'photos_required', 'phone_required'],
    lockable: true,
  },
  {
    title: '服务承诺',
    about: '居民提需求时就看得到。',
    names: ['promise_first_hours', 'promise_done_days', 'silence_closes_days', 'confirm_after_days', 'overdue_hour'],
  },
  {
    title: '接单',
    about: '谁能接、最多接几个、候补怎么递。',
    names: [
      'volunteers_may_claim',
      'open_claims_max',
      'daily_claims_max',
      'weekly_claims_max',
      'rest_hours',
      'travel_buffer_minutes',
      'waitlist_offer_minutes',
      'hand_over_hours',
    ],
  },
  {
    title: '到场和缺席',
    about: '时长以签到签退为准。',
    names: [
      'check_in_radius_m',
      'check_out_grace_minutes',
      'no_show_grace_minutes',
      'no_show_limit',
      'no_show_days',
      'suspend_days',
    ],
  },
  { title: '不打扰', about: '休息时间不响手机。', names: ['quiet_from', 'quiet_until'] },
  { title: '政治生日', about: '', names: ['birthday_hour', 'birthday_by_full_date', 'birthday_wishes_by_members'] },
  {
    title: '积分和星级',
    about: '启用积分以后才有用。',
    names: [
      'corrected_hours_earn_points',
      'ranking_min_group',
      'star_1_points',
      'star_2_points',
      'star_3_points',
      'star_4_points',
      'star_5_points',
      'star_appeal_days',
    ],
  },
  { title: '其他', about: '', names: [] },
]

const known = new Set(groups.flatMap((group) => group.names))

export function shownIn(group: Group, settings: Record<string, Schemas['SettingView']> = {}) {
  const names = group.names.length ? group.names : Object.keys(settings).filter((name) => !known.has(name))
  return names.flatMap((name) => (settings[name] ? [{ name, setting: settings[name] }] : []))
}
