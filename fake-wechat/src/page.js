'use strict';
const $ = (id) => document.getElementById(id);
/* An element of that name and class, holding texts and elements. Texts are never read as HTML. */
const el = (name, cls, ...inside) => {
  const made = document.createElement(name);
  if (cls) made.className = cls;
  made.append(...inside.filter((one) => one !== null && one !== undefined));
  return made;
};
const clock = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai', month: 'numeric', day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false,
});
const when = (ms) => clock.format(new Date(ms));
const time = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });

let saying;
const say = (text) => {
  $('said').textContent = text;
  clearTimeout(saying);
  saying = setTimeout(() => { $('said').textContent = ''; }, 3000);
};
const REFUSED = { 10001: '没有选消息', 20001: '没有这个模板', 20002: '一次性和长期的不能一起问', 20003: '一次最多问 5 种', 20004: '用户关了全部订阅消息' };
const control = async (path, body) => {
  const answer = await fetch('/__fake/' + path, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body ?? null),
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) say('没有成功：' + (REFUSED[said.errcode] ?? answer.status));
  await refresh();
  return answer.ok ? said : null;
};
const button = (text, cls, does) => {
  const made = el('button', cls, text);
  made.type = 'button';
  made.onclick = does;
  return made;
};
const check = (text, value, checked) => {
  const box = el('input');
  box.type = 'checkbox';
  box.value = value;
  box.checked = checked;
  return el('label', '', box, text);
};
const ticked = (within) => [...within.querySelectorAll('input[name=t]:checked, input.t:checked')].map((box) => box.value);

const prompt = (one) => {
  const boxes = one.templates.map((title) => {
    const line = check(title, title, true);
    line.firstChild.className = 't';
    return line;
  });
  const keep = check('总是保持以上选择，不再询问', '', false);
  keep.className = 'keep';
  const box = el('div', 'prompt');
  const answer = (accept) => control(`prompts/${one.id}/tap`, { accept, keep: keep.firstChild.checked });
  box.append(
    el('h4', '', '邻里 想给您发送以下消息'), ...boxes, keep,
    el('p', 'row', button('拒绝', 'quiet', () => answer([])), button('允许', '', () => answer(ticked(box)))),
  );
  return box;
};
const card = (message) => {
  const lines = message.lines.flatMap(([name, says]) => [el('dt', '', name), el('dd', '', says)]);
  const foot = message.page
    ? el('footer', '', '进入小程序查看', el('code', '', message.page))
    : el('footer', '', '这条消息点了不跳转');
  return [
    el('p', 'when-line', when(message.at_ms)),
    el('article', 'card', el('p', 'from', el('i', '', '邻'), '邻里'), el('h4', '', message.title), el('dl', '', ...lines), foot),
  ];
};
const phone = (one, open) => {
  const held = one.grants.map((grant) => `${grant.title} ${grant.balance} 条`).join('，');
  const state = one.blocked ? '被微信拦截，登录不了' : one.off ? '关了全部订阅消息' : `登录 ${one.logins} 次，最近 ${when(one.last_ms)}`;
  const waiting = one.messages.length + one.prompts.length;
  const made = el('details', 'phone',
    el('summary', '', el('div', 'face', [...one.name][0] ?? '?'), el('div', 'who', one.name, el('span', '', state)), waiting ? el('div', 'count', `${waiting}`) : null),
    el('div', 'inside',
      el('p', 'note', held ? `还可以收：${held}` : '没有同意过接收任何消息'),
      ...one.prompts.map(prompt), ...one.messages.flatMap(card),
      one.messages.length ? null : el('p', 'when-line', '没有收到过消息'),
      el('p', 'note openid', el('code', '', one.openid)),
      button(one.off ? '重新打开订阅消息' : '关闭全部订阅消息', 'quiet', () => control('switches', { name: one.name, on: one.off })),
    ));
  made.dataset.openid = one.openid;
  made.open = open;
  return made;
};
const STATES = { waiting: '还没到时间', untold: '没有地址，没有送', sending: '正在送', taken: '已收下', given_up: '送不到，放弃了' };
const EVENTS = {
  subscribe_msg_popup_event: '用户回答了订阅请求', subscribe_msg_change_event: '用户在设置里关了一种消息',
  subscribe_msg_sent_event: '消息送得怎样', wxa_media_check: '图片检查结果', user_authorization_revoke: '用户撤回授权',
  user_authorization_cancellation: '用户注销', user_info_modified: '微信清理了用户资料', wxa_punish_event: '小程序被处罚',
};
const push = (one) => {
  const cls = one.state === 'taken' ? 'fine' : one.state === 'given_up' ? 'bad' : '';
  const last = one.tries.at(-1);
  const tries = last ? `，第 ${one.tries.length} 次：${last.status ?? '没有回答'} ${last.said}` : '';
  return el('div', '', el('span', 'when', time.format(new Date(one.due_ms))), el('b', '', EVENTS[one.told.Event] ?? '其他'), el('br'), el('i', '', one.told.Event), el('br'), el('span', cls, STATES[one.state] + tries));
};
const none = (list, text) => (list.length ? list : [el('div', 'note', text)]);

let shown = '';
const draw = (state) => {
  $('now').textContent = when(state.now_ms);
  $('moved').textContent = state.moved_seconds ? `已拨快 ${(state.moved_seconds / 3600).toFixed(1)} 小时` : '';
  const { now_ms: _, ...rest } = state;
  const text = JSON.stringify(rest);
  /* Drawn anew only where something changed: a finger may be on it. */
  if (text === shown) return;
  shown = text;
  $('app').textContent = state.app_id;
  $('people').textContent = state.people > state.phones.length ? `共 ${state.people} 位，这里是最近的 ${state.phones.length} 位` : `${state.people} 位登录过`;
  const old = new Map([...document.querySelectorAll('.phone')].map((one) => [one.dataset.openid, one.open]));
  const phones = state.phones.map((one, at) => phone(one, old.get(one.openid) ?? (at === 0 || one.prompts.length > 0)));
  $('phones').replaceChildren(...(phones.length ? phones : [el('p', 'note', '还没有人登录过。')]));
  $('names').replaceChildren(...state.phones.map((one) => Object.assign(el('option'), { value: one.name })));
  if (!$('templates').querySelector('input')) {
    $('templates').append(...state.templates.map((title) => {
      const line = check(title, title, false);
      line.firstChild.name = 't';
      return line;
    }));
  }
  $('faults').textContent = state.faults ? `还有 ${state.faults} 次等着出错` : '';
  $('told').textContent = state.told ? `共 ${state.told} 条` : '';
  $('target').textContent = state.push_url ? `送到 ${state.push_url}` : '还没有推送地址，服务端什么也收不到。';
  $('pushes').replaceChildren(...none(state.pushes.map(push), '还没有推送过。'));
  $('calls').replaceChildren(...none(Object.entries(state.calls).map(([path, count]) => el('div', '', el('span', 'when', `${count} 次`), path)), '还没有人调用过。'));
  $('recent').replaceChildren(...none(state.recent.map((one) => el('div', '', el('span', 'when', time.format(new Date(one.at_ms))), one.path, one.fault ? el('span', 'bad', ` 出错：${one.fault}`) : null)), '还没有人调用过。'));
};
const refresh = async () => draw(await (await fetch('/__fake/state')).json());

document.querySelectorAll('[data-clock]').forEach((one) => {
  one.onclick = () => control('clock', { advance_seconds: Number(one.dataset.clock) });
});
$('ask').onsubmit = async (event) => {
  event.preventDefault();
  const said = await control('prompts', { name: event.target.name.value, templates: ticked($('templates')) });
  if (said) say(said.prompt ? '已弹出，请在这部手机上选' : '这位用户以前选过“不再询问”，照旧');
};
$('fault').onsubmit = async (event) => {
  event.preventDefault();
  const { path, fault, times } = event.target;
  if (await control('faults', { path: path.value, times: Number(times.value), fault: JSON.parse(fault.value) })) say('好，接下来会出错');
};
$('expire').onclick = async () => {
  if (await control('tokens/expire')) say('全部过期了');
};
refresh();
setInterval(() => refresh().catch(() => say('连不上替身，它可能停了')), 2000);
