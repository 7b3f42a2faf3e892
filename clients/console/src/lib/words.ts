// Words for the API's fixed values, where the API does not bring its own (`state_text` and the like).
import type { Schemas } from '@/api/client'
import { moment } from '@/lib/time'

export const roleText: Record<Schemas['Role'], string> = {
  operator: '运维',
  auditor: '审计',
  leader: '领导',
  secretary: '支部书记',
  dispatcher: '社区工作者',
}
export const classText: Record<Schemas['MemberClass'], string> = {
  ordinary: '普通党员',
  employed: '在职党员',
  unposted: '无职党员',
  mobile: '流动党员',
  elder: '夕阳红党员',
}
export const membershipText: Record<Schemas['MembershipState'], string> = {
  pending: '待确认',
  confirmed: '已确认',
  refused: '未通过',
  ended: '已结束',
}
export const membershipKindText: Record<Schemas['MembershipKind'], string> = {
  home_branch: '组织关系',
  residence: '居住地',
}
export const cameByText: Record<Schemas['CameBy'], string> = {
  code: '签到码',
  place: '位置',
  staff: '工作人员代签',
  late: '事后补签',
}
export const answerText: Record<Schemas['Attendance'], string> = { yes: '参加', no: '不参加', leave: '请假' }
export const standingText: Record<Schemas['Standing'], string> = {
  unexplained: '未说明',
  asked: '已说明，待处理',
  refused: '说明未通过',
  appealed: '已申诉，待处理',
  excused: '已谅解',
  settled: '已处理',
}
export const pushStateText: Record<Schemas['PushState'], string> = {
  pending: '待发',
  sending: '发送中',
  sent: '已送达微信',
  retry: '等待重试',
  refused: '对方未同意',
  dead: '发不出去',
  unknown: '不知结果',
}
export const runStateText: Record<Schemas['RunState'], string> = {
  waiting: '等待',
  running: '进行中',
  done: '完成',
  skipped: '跳过',
  failed: '失败',
}
export const callText: Record<Schemas['CallOutcome'], string> = {
  reached: '已通知',
  no_answer: '没人接',
  wrong_number: '号码不对',
}
export const pointsKindText: Record<Schemas['PointsKind'], string> = {
  base: '基础分',
  pioneer: '先锋分',
  deduction: '扣分',
}
export const triggerText: Record<Schemas['PointsTrigger'], string> = {
  service_hour: '每服务一小时',
  task_confirmed: '完成一次任务',
  lead: '担任负责人',
  no_show: '缺席',
  story: '晒单发布',
  answer_five_stars: '居民给五星',
  manual: '人工加减',
  reversal: '冲正',
}
export const contentKindText: Record<Schemas['Looked'], string> = {
  request: '需求',
  answer: '评价',
  story: '晒单',
  wish: '寄语',
  report: '上报',
  photo: '照片',
}
export const complaintText: Record<Schemas['ComplaintAbout'], string> = {
  burden: '加重负担',
  formalism: '形式主义',
  figures: '数字不实',
  attitude: '态度问题',
  privacy: '隐私问题',
  other: '其他',
}
export const importStateText: Record<Schemas['ImportState'], string> = {
  running: '办理中',
  done: '已导入',
  refused: '没有导入',
  failed: '失败',
}
export const milestoneText: Record<Schemas['Milestone'], string> = {
  ordinary: '平常年份',
  fifth: '逢五周年',
  tenth: '逢十周年',
}
export const ringText: Record<Schemas['Ring'], string> = {
  named: '点名的人',
  branch: '支部',
  community: '本社区',
  street: '整个街道',
  district: '全区',
}

/** For whom seats are kept and until when; nothing where they are for all. */
export function keptFor(task: Pick<Schemas['Card'], 'keep_new' | 'keep_lead' | 'keep_until'>): string {
  const whom = [
    task.keep_new ? `${task.keep_new} 个留给第一次参加的人` : '',
    task.keep_lead ? '1 个留给有经验的人' : '',
  ].filter(Boolean)
  return whom.length && task.keep_until ? `${whom.join('，')}，${moment(task.keep_until)} 向大家开放` : ''
}
