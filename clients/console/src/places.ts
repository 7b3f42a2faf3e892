// Every page of the console: its words, who may open it, the key that leads there. Menu, routes and help are made from it.
import type { Component } from 'vue'
import {
  Bell,
  Calendar,
  DataBoard,
  DataLine,
  Document,
  EditPen,
  Files,
  List,
  Message,
  Picture,
  Present,
  Setting,
  Timer,
  Tickets,
  TrophyBase,
  User,
  UserFilled,
} from '@element-plus/icons-vue'
import type { Role } from '@/api/session'

export interface Place {
  path: string
  name: string
  group: string
  key: string
  icon: Component
  roles: readonly Role[]
  page: () => Promise<unknown>
}

const everyone: Role[] = ['dispatcher', 'secretary', 'leader', 'operator', 'auditor']
const office: Role[] = ['dispatcher', 'secretary', 'leader']
const branch: Role[] = ['secretary', 'leader']

export const places: Place[] = [
  {
    path: '/inbox',
    name: '待办需求',
    group: '办事',
    key: 'i',
    icon: Message,
    roles: office,
    page: () => import('@/pages/inbox/InboxPage.vue'),
  },
  {
    path: '/tasks',
    name: '任务看板',
    group: '办事',
    key: 't',
    icon: Tickets,
    roles: office,
    page: () => import('@/pages/tasks/BoardPage.vue'),
  },
  {
    path: '/stories',
    name: '晒单审核',
    group: '办事',
    key: 's',
    icon: Picture,
    roles: office,
    page: () => import('@/pages/stories/StoriesPage.vue'),
  },
  {
    path: '/approvals',
    name: '待审事项',
    group: '办事',
    key: 'a',
    icon: EditPen,
    roles: office,
    page: () => import('@/pages/approvals/ApprovalsPage.vue'),
  },
  {
    path: '/theme-days',
    name: '主题党日',
    group: '组织生活',
    key: 'd',
    icon: Calendar,
    roles: office,
    page: () => import('@/pages/themedays/ThemeDaysPage.vue'),
  },
  {
    path: '/birthdays',
    name: '政治生日',
    group: '组织生活',
    key: 'b',
    icon: Present,
    roles: branch,
    page: () => import('@/pages/birthdays/BirthdaysPage.vue'),
  },
  {
    path: '/members',
    name: '花名册',
    group: '人员',
    key: 'm',
    icon: User,
    roles: office,
    page: () => import('@/pages/members/MembersPage.vue'),
  },
  {
    path: '/imports',
    name: '导入花名册',
    group: '人员',
    key: 'u',
    icon: Files,
    roles: office,
    page: () => import('@/pages/members/ImportPage.vue'),
  },
  {
    path: '/points',
    name: '积分规则',
    group: '人员',
    key: 'p',
    icon: TrophyBase,
    roles: office,
    page: () => import('@/pages/points/PointsPage.vue'),
  },
  {
    path: '/roles',
    name: '授权',
    group: '人员',
    key: 'r',
    icon: UserFilled,
    roles: ['leader', 'operator'],
    page: () => import('@/pages/members/RolesPage.vue'),
  },
  {
    path: '/notices',
    name: '通知',
    group: '运行',
    key: 'n',
    icon: Bell,
    roles: office,
    page: () => import('@/pages/notices/NoticesPage.vue'),
  },
  {
    path: '/jobs',
    name: '定时任务',
    group: '运行',
    key: 'j',
    icon: Timer,
    roles: everyone,
    page: () => import('@/pages/jobs/JobsPage.vue'),
  },
  {
    path: '/audit',
    name: '审计',
    group: '运行',
    key: 'l',
    icon: List,
    roles: ['leader', 'operator', 'auditor'],
    page: () => import('@/pages/audit/AuditPage.vue'),
  },
  {
    path: '/complaints',
    name: '减负投诉',
    group: '运行',
    key: 'c',
    icon: Document,
    roles: everyone,
    page: () => import('@/pages/complaints/ComplaintsPage.vue'),
  },
  {
    path: '/settings',
    name: '设置',
    group: '运行',
    key: 'e',
    icon: Setting,
    roles: everyone,
    page: () => import('@/pages/settings/SettingsPage.vue'),
  },
  {
    path: '/overview',
    name: '月度总览',
    group: '运行',
    key: 'v',
    icon: DataLine,
    roles: office,
    page: () => import('@/pages/overview/OverviewPage.vue'),
  },
  {
    path: '/wall',
    name: '大屏',
    group: '运行',
    key: 'w',
    icon: DataBoard,
    roles: office,
    page: () => import('@/pages/wall/WallPage.vue'),
  },
]
