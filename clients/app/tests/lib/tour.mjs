// Who looks at what: every page, opened by somebody who has a use for it. A page seen twice has a name of its own for
// its second picture.
export function tourOf(shown) {
  const tour = {
    王阿姨: [
      ['home-resident', {}, 'home'],
      'ask',
      'requests',
      ['request', { id: shown.request }],
      ['request-awaited', { id: shown.awaited }, 'request'],
    ],
    刘奶奶: [['request-answer', { id: shown.fulfilled }, 'request']],
    李建国: [
      'home',
      'tasks',
      ['task', { id: shown.task }],
      'claims',
      ['claim', { id: shown.claim }],
      'inbox',
      'me',
      'hours',
      'points',
      'theme-days',
      ['theme-day', { id: shown.themeDay }],
      'birthday',
      'profile',
      'privacy',
      'complaint',
      'rankings',
      ['hand-over', { claim: shown.claim }],
      ['absence', { claim: shown.claim }],
      ['report', { task: shown.task }],
    ],
    xiaochen: [
      'desk',
      ['request-office', { id: shown.waiting }, 'request'],
      ['dispatch', { request: shown.waiting }],
      ['task-office', { id: shown.officeTask }, 'task'],
      ['write-story', { task: shown.told }],
    ],
    lishuji: [
      ['birthday-branch', {}, 'birthday'],
      ['theme-day-branch', { id: shown.themeDay }, 'theme-day'],
    ],
    '': [['home-visitor', {}, 'home'], 'sign-in', 'stories', ['story', { id: shown.story }]],
  }
  return Object.entries(tour).map(([who, pages]) => ({ who, atDesk: /^[a-z]+$/.test(who), pages: pages.map(stop) }))
}

function stop(entry) {
  const [name, query = {}, page = name] = [entry].flat()
  return { name, query, page }
}
