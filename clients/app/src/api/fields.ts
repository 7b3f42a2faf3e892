/** What the forms call the fields the server names: nobody who asks for help has to know what a `title` is. */
const names: Record<string, string> = {
  title: '标题',
  detail: '具体情况',
  words: '内容',
  reason: '原因',
  question: '问题',
  category: '类别',
  org_id: '组织',
  'place.name': '地点',
  'place.address': '门牌号',
  'on_behalf_of.name': '名字',
  'on_behalf_of.phone': '手机号',
  'on_behalf_of.consent': '怎样同意的',
  wanted_from: '希望的时间',
  wanted_to: '希望的时间',
  slots: '人数',
  starts_at: '开始时间',
  ends_at: '结束时间',
  notes: '给志愿者的话',
  code: '签到码',
  name: '名字',
  username: '用户名',
  password: '密码',
}

export const inWords = (message: string) =>
  message.replace(/^([a-z_]+(?:\.[a-z_]+)*) ?/, (said, field: string) => names[field] ?? said)
