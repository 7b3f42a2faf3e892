// Every page of the console: who looks, at which org, where, and what says that it is there.
export const pages = [
  { name: 'inbox', who: 'xiaochen', path: '/inbox', phone: true },
  { name: 'dispatch', who: 'xiaochen', path: '/inbox', click: '对门独居老人两天没见', phone: true },
  { name: 'board', who: 'xiaochen', path: '/tasks', phone: true },
  { name: 'task', who: 'xiaochen', path: '/tasks', click: '周六消防安全巡查', phone: true },
  { name: 'new-task', who: 'xiaochen', path: '/tasks/new' },
  { name: 'stories', who: 'xiaowu', path: '/stories', phone: true },
  { name: 'approvals', who: 'xiaowu', path: '/approvals' },
  { name: 'members', who: 'lishuji', branch: true, path: '/members', phone: true },
  { name: 'import', who: 'lishuji', branch: true, path: '/imports' },
  { name: 'theme-days', who: 'lishuji', branch: true, path: '/theme-days', phone: true },
  { name: 'theme-day', who: 'lishuji', branch: true, path: '/theme-days', click: '11月', day: true },
  { name: 'theme-day-rule', who: 'lishuji', branch: true, path: '/theme-days/rule' },
  { name: 'theme-days-circular', who: 'zhouquzhang', path: '/theme-days' },
  { name: 'birthdays', who: 'lishuji', branch: true, path: '/birthdays', phone: true },
  { name: 'points', who: 'lishuji', path: '/points' },
  { name: 'roles', who: 'zhouquzhang', community: true, path: '/roles' },
  { name: 'notices', who: 'xiaochen', path: '/notices' },
  { name: 'jobs', who: 'yunwei', path: '/jobs' },
  { name: 'audit', who: 'zhouquzhang', path: '/audit' },
  { name: 'complaints', who: 'zhouquzhang', path: '/complaints' },
  { name: 'settings', who: 'zhouquzhang', community: true, path: '/settings', phone: true },
  { name: 'wall', who: 'xiaochen', path: '/wall' },
]

export async function visit(page, url, one, orgs, lookAt) {
  if (one.branch) await lookAt(page, orgs.branch)
  if (one.community) await lookAt(page, orgs.community)
  await page.goto(`${url}#${one.path}`)
  await page.waitForLoadState('networkidle')
  if (one.day) await page.locator('section[aria-label="主题党日列表"] a').last().click()
  else if (one.click) await page.getByRole('link', { name: one.click }).first().click()
  await page.locator('h1').waitFor()
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(250)
}
