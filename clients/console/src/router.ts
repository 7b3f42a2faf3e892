// Hash routing: the server hands out one page and never needs to know the others.
import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router'
import { restore, session } from '@/api/session'
import { places } from '@/places'

const inside: RouteRecordRaw[] = [
  ...places
    .filter((place) => place.path !== '/wall')
    .map((place) => ({ path: place.path, component: place.page as never, meta: { title: place.name } })),
  {
    path: '/requests/:id',
    component: () => import('@/pages/inbox/DispatchPage.vue'),
    props: true,
    meta: { title: '派单' },
  },
  { path: '/tasks/new', component: () => import('@/pages/tasks/NewTaskPage.vue'), meta: { title: '发起任务' } },
  { path: '/tasks/:id', component: () => import('@/pages/tasks/TaskPage.vue'), props: true, meta: { title: '任务' } },
  {
    path: '/tasks/:id/edit',
    component: () => import('@/pages/tasks/EditTaskPage.vue'),
    props: true,
    meta: { title: '修改任务' },
  },
  {
    path: '/theme-days/rule',
    component: () => import('@/pages/themedays/RulePage.vue'),
    meta: { title: '主题党日的规则' },
  },
  {
    path: '/theme-days/:id',
    component: () => import('@/pages/themedays/ThemeDayPage.vue'),
    props: true,
    meta: { title: '主题党日' },
  },
]

export const firstPlace = () => places.find((place) => session.may(place.roles))?.path ?? '/settings'

export const router = createRouter({
  history: createWebHashHistory('/console/'),
  routes: [
    { path: '/sign-in', component: () => import('@/pages/SignInPage.vue'), meta: { title: '登录', open: true } },
    { path: '/wall', component: () => import('@/pages/wall/WallPage.vue'), meta: { title: '大屏' } },
    {
      path: '/',
      component: () => import('@/pages/FramePage.vue'),
      children: [{ path: '', redirect: () => firstPlace() }, ...inside],
    },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
})

router.beforeEach(async (to) => {
  document.title = `${to.meta.title ?? ''} · 邻里控制台`
  if (to.meta.open) return true
  const known = await restore().catch(() => false)
  return known || { path: '/sign-in', query: to.fullPath === '/' ? {} : { to: to.fullPath } }
})
