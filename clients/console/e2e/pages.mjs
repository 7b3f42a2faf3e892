// Every page of the console: who looks, at which org, where, and what says that it is there.
import { fileURLToPath } from 'node:url'

export const pages = [
  { name: 'inbox', who: 'xiaochen', daily: true, path: '/inbox', phone: true },
  { name: 'dispatch', who: 'xiaochen', daily: true, path: '/inbox', click: '对门独居老人两天没见', phone: true },
  { name: 'board', who: 'xiaochen', path: '/tasks', phone: true },
  { name: 'task', who: 'xiaochen', daily: true, path: '/tasks', click: '周六消防安全巡查', phone: true },
  { name: 'new-task', who: 'xiaochen', path: '/tasks/new' },
  { name: 'stories', who: 'xiaowu', path: '/stories', phone: true },
  { name: 'approvals', who: 'xiaowu', daily: true, path: '/approvals' },
  { name: 'members', who: 'lishuji', branch: true, path: '/members', phone: true },
  { name: 'import', who: 'lishuji', branch: true, path: '/imports', file: 'roster-broken.xlsx' },
  { name: 'theme-days', who: 'lishuji', branch: true, path: '/theme-days', phone: true },
  { name: 'theme-day', who: 'lishuji', branch: true, path: '/theme-days', click: '清洁家园，党员先行' },
  { name: 'theme-day-rule', who: 'lishuji', branch: true, path: '/theme-days/rule' },
  { name: 'inbox-district', who: 'zhouquzhang', path: '/inbox' },
  { name: 'theme-days-circular', who: 'zhouquzhang', path: '/theme-days' },
  { name: 'birthdays', who: 'lishuji', branch: true, path: '/birthdays', phone: true },
  { name: 'points', who: 'lishuji', path: '/points' },
  { name: 'roles', who: 'zhouquzhang', community: true, path: '/roles' },
  { name: 'notices', who: 'xiaochen', path: '/notices', tab: '微信消息' },
  { name: 'jobs', who: 'yunwei', path: '/jobs' },
  { name: 'audit', who: 'zhouquzhang', path: '/audit' },
  { name: 'complaints', who: 'zhouquzhang', path: '/complaints' },
  { name: 'settings', who: 'zhouquzhang', community: true, path: '/settings', phone: true },
  { name: 'overview', who: 'zhouquzhang', path: '/overview', phone: true },
  { name: 'wall', who: 'xiaochen', path: '/wall' },
]

export async function visit(page, url, one, orgs, lookAt) {
  if (one.branch) await lookAt(page, orgs.branch)
  if (one.community) await lookAt(page, orgs.community)
  await page.goto(`${url}#${one.path}`)
  await page.waitForLoadState('networkidle')
  if (one.click) await page.getByRole('link', { name: one.click }).first().click()
  if (one.file)
    await page.locator('input[type=file]').setInputFiles(fileURLToPath(new URL(`files/${one.file}`, import.meta.url)))
  if (one.click) await page.waitForURL((to) => !to.hash.endsWith(one.path))
  await page.locator('h1').waitFor()
  if (one.tab) await page.getByRole('tab', { name: one.tab }).click()
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(250)
}
