// A month as the overview answers it, for as long as the server has no such route.
const figures = (more) => ({
  requests: 42,
  answered_in_time: 39,
  closed: 33,
  reopened: 2,
  overdue: 3,
  tasks: 21,
  slots: 96,
  filled: 88,
  people: 57,
  minutes: 10_620,
  corrected_minutes: 90,
  no_shows: 2,
  answers: 29,
  stars_average: 4.7,
  unconfirmed: 4,
  stories: 6,
  ...more,
})
const kinds = ['助老', '维修', '陪伴', '环境', '文体', '法律', '其他']

export function overview(month) {
  return {
    org_id: 'district',
    org_name: '红花岗区',
    month,
    as_of: `${month}-24T08:00:00+08:00`,
    total: figures(),
    previous: figures({ requests: 36, people: 51 }),
    days: Array.from({ length: 24 }, (_, at) => ({
      date: `${month}-${String(at + 1).padStart(2, '0')}`,
      requests: (at * 7) % 5,
      closed: (at * 3) % 4,
      minutes: at * 30,
    })),
    categories: kinds.map((category, at) => ({ category, requests: 14 - at * 2, closed: 11 - at })),
    below: ['文化社区居民委员会', '大兴社区居民委员会', '凤凰社区居民委员会'].map((org_name, at) => ({
      org_id: `org-${at}`,
      org_name,
      total: figures({ requests: 18 - at * 4, answered_in_time: 17 - at * 4, closed: 15 - at * 4 }),
    })),
  }
}
