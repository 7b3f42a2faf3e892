//! Every operation, whom it is for, and a body it would accept. An operation of the API document that is missing
//! here fails the tests: decide what strangers may do with it, and say so in one line.

use serde_json::{Value, json};

use crate::helpers::Person;

use super::world::Ours;

/// What somebody from another community may do with an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// Anybody may read it, signed in or not; it shows what is public.
    Everybody,
    /// The way in: it names nobody's rows, and what it changes is one's own session.
    Entry,
    /// Signed in, one reads what is one's own; nothing of another community's is ever in it.
    Oneself,
    /// Signed in, one makes or changes something of one's own.
    OwnDoing,
    /// Staff read what their roles reach; nothing of another community's is ever in it.
    Reach,
    /// Only those of the org the row belongs to.
    Insiders,
}
use For::{Entry, Everybody, Insiders, Oneself, OwnDoing, Reach};

pub type Body = fn(&Ours) -> Value;

const NONE: Body = |_| Value::Null;
const REASON: Body = |_| json!({"reason": "请下次再来"});
const FORM: Body = |_| json!({"file": "姓名,手机号\n吴芳,13900007777\n"});
const SWITCH: Body = |_| json!({"setting": "points_enabled"});
const COMING: Body = |ours| json!({"claim_ids": [ours.row("claims", "coming")]});
const STORY: Body = |_| json!({"title": "平安巡查", "words": "顺利完成。"});

const OUTLINE: fn() -> Value = || json!({"title": "消防安全巡查", "slots": 5, "minutes": 120});
const TEMPLATE: Body = |_| json!({"name": "每月巡查", "task": OUTLINE()});
const SERIES: Body = |ours| json!({"task": OUTLINE(), "rule": "FREQ=WEEKLY;BYDAY=SA", "first": ours.app.saturday(9)});

pub const TABLE: &[(&str, For, Body)] = &[
    // Probes, the way in, the tree of orgs and what was published are for everybody.
    ("GET /live", Everybody, NONE),
    ("GET /ready", Everybody, NONE),
    ("GET /api/v1/orgs", Everybody, NONE),
    ("GET /api/v1/orgs/{id}", Everybody, NONE),
    ("GET /api/v1/orgs/{id}/categories", Everybody, NONE),
    ("GET /api/v1/stories", Everybody, NONE),
    ("GET /api/v1/stories/{id}", Everybody, NONE),
    // A photo by its link, or once it was published: `tests/it/files`.
    ("GET /api/v1/files/{id}", Everybody, NONE),
    ("GET /api/v1/certificates/{code}", Everybody, NONE),
    ("POST /api/v1/auth/wechat", Entry, |_| json!({"code": "dev:新邻居"})),
    (
        "POST /api/v1/auth/password",
        Entry,
        |_| json!({"username": "wenhua", "password": "linli-test-2026"}),
    ),
    ("POST /api/v1/auth/refresh", Entry, |_| json!({"refresh_token": "x"})),
    // One's own profile, lists and doings. Any resident may ask any community for help, and any org for a place.
    ("POST /api/v1/auth/logout", OwnDoing, NONE),
    ("GET /api/v1/me", Oneself, NONE),
    ("GET /api/v1/home", Oneself, NONE),
    ("PUT /api/v1/me", OwnDoing, |_| json!({"name": "王秀英"})),
    // A form with a photo, made by `call`.
    ("POST /api/v1/files", OwnDoing, NONE),
    ("POST /api/v1/me/phone", OwnDoing, |_| json!({"code": "dev:13900009999"})),
    ("GET /api/v1/me/export", OwnDoing, NONE),
    ("DELETE /api/v1/me", OwnDoing, NONE),
    ("GET /api/v1/me/consents", Oneself, NONE),
    ("POST /api/v1/me/consents", OwnDoing, |_| json!({"purpose": "photo", "version": "2026-11"})),
    ("DELETE /api/v1/me/consents/{purpose}", OwnDoing, NONE),
    ("GET /api/v1/me/claims", Oneself, NONE),
    ("GET /api/v1/inbox", Oneself, NONE),
    ("GET /api/v1/inbox/unread", Oneself, NONE),
    ("POST /api/v1/inbox/{id}/read", Insiders, NONE),
    ("POST /api/v1/inbox/read-all", OwnDoing, NONE),
    ("GET /api/v1/me/hours", Oneself, NONE),
    ("GET /api/v1/me/waitlist", Oneself, NONE),
    ("GET /api/v1/me/offers", Oneself, NONE),
    ("GET /api/v1/me/points", Oneself, NONE),
    ("GET /api/v1/me/certificate", Oneself, NONE),
    ("POST /api/v1/me/certificate", OwnDoing, NONE),
    ("GET /api/v1/hours/corrections", Oneself, NONE),
    ("GET /api/v1/me/story-consents", Oneself, NONE),
    ("GET /api/v1/me/requests", Oneself, NONE),
    (
        "POST /api/v1/me/memberships",
        OwnDoing,
        |ours| json!({"org_id": ours.row("orgs", "community"), "kind": "residence"}),
    ),
    ("GET /api/v1/me/complaints", Oneself, NONE),
    ("GET /api/v1/complaints", Oneself, NONE),
    (
        "POST /api/v1/complaints",
        OwnDoing,
        |ours| json!({"org_id": ours.row("orgs", "community"), "about": "burden", "words": "每天要求拍照打卡"}),
    ),
    ("GET /api/v1/requests", Oneself, NONE),
    ("POST /api/v1/requests", OwnDoing, |ours| {
        json!({"org_id": ours.row("orgs", "community"), "category": "维修", "title": "楼道灯坏了",
            "detail": "三单元二楼的灯不亮"})
    }),
    ("GET /api/v1/me/request-draft", Oneself, NONE),
    ("PUT /api/v1/me/request-draft", OwnDoing, |_| json!({"title": "楼道灯", "detail": "三单元"})),
    ("DELETE /api/v1/me/request-draft", OwnDoing, NONE),
    ("GET /api/v1/me/deputy", Oneself, NONE),
    (
        "PUT /api/v1/me/deputy",
        OwnDoing,
        |ours| json!({"user_id": ours.who("second").id, "until": ours.app.saturday(18)}),
    ),
    ("DELETE /api/v1/me/deputy", OwnDoing, NONE),
    ("GET /api/v1/tasks", Oneself, NONE),
    ("GET /api/v1/absences", Oneself, NONE),
    ("GET /api/v1/loans", Oneself, NONE),
    // All else is the org's own.
    (
        "POST /api/v1/people/{id}/reveal",
        Insiders,
        |_| json!({"field": "phone", "reason": "通知明天的复查时间"}),
    ),
    ("GET /api/v1/audit", Reach, NONE),
    ("GET /api/v1/requests/{id}", Insiders, NONE),
    ("GET /api/v1/requests/{id}/timeline", Insiders, NONE),
    ("POST /api/v1/requests/{id}/ask", Insiders, |_| json!({"question": "几点出门？"})),
    ("PUT /api/v1/requests/{id}", Insiders, |_| json!({"title": "陪同复查和取药"})),
    ("POST /api/v1/requests/{id}/dispatch", Insiders, |ours| ours.form(None)),
    ("POST /api/v1/requests/{id}/return", Insiders, REASON),
    ("POST /api/v1/requests/{id}/decline", Insiders, REASON),
    (
        "POST /api/v1/requests/{id}/assign",
        Insiders,
        |ours| json!({"user_id": ours.who("second").id, "reason": "小陈明天休假"}),
    ),
    (
        "POST /api/v1/requests/{id}/pass",
        Insiders,
        |_| json!({"hotline": true, "reason": "要市里的部门办理"}),
    ),
    ("GET /api/v1/requests/{id}/duplicates", Insiders, NONE),
    (
        "POST /api/v1/requests/{id}/merge",
        Insiders,
        |ours| json!({"into": ours.row("requests", "given")}),
    ),
    ("POST /api/v1/orgs/{id}/categories", Insiders, |_| json!({"name": "维修"})),
    ("PUT /api/v1/categories/{id}", Insiders, |_| json!({"name": "家政"})),
    ("POST /api/v1/requests/{id}/withdraw", Insiders, NONE),
    ("POST /api/v1/requests/{id}/answer", Insiders, |_| json!({"verdict": "done", "stars": 5})),
    ("POST /api/v1/tasks", Insiders, |ours| ours.form(Some(ours.row("orgs", "community")))),
    ("GET /api/v1/tasks/{id}", Insiders, NONE),
    ("PUT /api/v1/tasks/{id}", Insiders, |ours| ours.form(None)),
    ("GET /api/v1/tasks/{id}/roster", Insiders, NONE),
    ("GET /api/v1/tasks/{id}/roster/print", Insiders, NONE),
    ("GET /api/v1/tasks/{id}/roster.xlsx", Insiders, NONE),
    ("GET /api/v1/tasks/{id}/poster", Insiders, NONE),
    ("GET /api/v1/tasks/{id}/poster/print", Insiders, NONE),
    ("POST /api/v1/tasks/{id}/poster/renew", Insiders, NONE),
    ("POST /api/v1/tasks/{id}/roster/check-in", Insiders, COMING),
    ("POST /api/v1/tasks/{id}/roster/check-out", Insiders, COMING),
    ("POST /api/v1/tasks/{id}/walk-ins", Insiders, |ours| json!({"user_id": ours.who("吴刚").id})),
    ("POST /api/v1/tasks/{id}/publish", Insiders, NONE),
    ("POST /api/v1/tasks/{id}/resize", Insiders, |_| json!({"slots": 5})),
    ("POST /api/v1/tasks/{id}/claims", Insiders, NONE),
    ("POST /api/v1/tasks/{id}/cancel", Insiders, REASON),
    ("POST /api/v1/tasks/{id}/waitlist", Insiders, |_| json!({"at_once": true})),
    ("DELETE /api/v1/tasks/{id}/waitlist", Insiders, NONE),
    ("GET /api/v1/tasks/{id}/why", Insiders, NONE),
    (
        "POST /api/v1/tasks/{id}/assign",
        Insiders,
        |ours| json!({"user_id": ours.who("孙立").id, "reason": "本人同意"}),
    ),
    ("POST /api/v1/offers/{id}/accept", Insiders, NONE),
    ("POST /api/v1/offers/{id}/decline", Insiders, NONE),
    (
        "POST /api/v1/claims/{id}/hand-over",
        Insiders,
        |ours| json!({"user_id": ours.who("孙立").id}),
    ),
    ("POST /api/v1/claims/{id}/reconfirm", Insiders, NONE),
    (
        "POST /api/v1/tasks/{id}/reschedule",
        Insiders,
        |ours| json!({"starts_at": ours.app.saturday(17), "ends_at": ours.app.saturday(19), "reconfirm_by": ours.app.saturday(12)}),
    ),
    ("POST /api/v1/tasks/{id}/lead", Insiders, |ours| json!({"user_id": ours.who("孙立").id})),
    ("POST /api/v1/tasks/{id}/copy", Insiders, |ours| json!({"starts_at": ours.app.saturday(20)})),
    (
        "POST /api/v1/tasks/{id}/borrow",
        Insiders,
        |ours| json!({"org_id": ours.row("neighbours", "happy"), "note": "还差两个人"}),
    ),
    (
        "POST /api/v1/tasks/bulk",
        Insiders,
        |ours| json!({"ids": [ours.row("tasks", "free")], "action": "copy_next_week"}),
    ),
    ("GET /api/v1/orgs/{id}/task-templates", Insiders, NONE),
    ("POST /api/v1/orgs/{id}/task-templates", Insiders, TEMPLATE),
    ("PUT /api/v1/task-templates/{id}", Insiders, TEMPLATE),
    ("DELETE /api/v1/task-templates/{id}", Insiders, NONE),
    (
        "POST /api/v1/task-templates/{id}/tasks",
        Insiders,
        |ours| json!({"starts_at": ours.app.saturday(20)}),
    ),
    ("GET /api/v1/orgs/{id}/task-series", Insiders, NONE),
    ("POST /api/v1/orgs/{id}/task-series", Insiders, SERIES),
    ("PUT /api/v1/task-series/{id}", Insiders, SERIES),
    ("POST /api/v1/task-series/{id}/skip", Insiders, |_| json!({"date": "2026-12-05"})),
    ("POST /api/v1/loans/{id}/accept", Insiders, NONE),
    ("POST /api/v1/loans/{id}/refuse", Insiders, REASON),
    ("GET /api/v1/claims/{id}", Insiders, NONE),
    ("DELETE /api/v1/claims/{id}", Insiders, NONE),
    ("POST /api/v1/claims/{id}/check-in", Insiders, |ours| json!({"code": ours.check_in_code})),
    ("POST /api/v1/claims/{id}/check-out", Insiders, NONE),
    ("POST /api/v1/claims/{id}/no-show", Insiders, NONE),
    ("GET /api/v1/claims/{id}/absence", Insiders, NONE),
    ("POST /api/v1/claims/{id}/excuse", Insiders, REASON),
    ("POST /api/v1/claims/{id}/excuse/accept", Insiders, REASON),
    ("POST /api/v1/claims/{id}/excuse/refuse", Insiders, REASON),
    ("POST /api/v1/claims/{id}/appeal", Insiders, REASON),
    ("POST /api/v1/claims/{id}/appeal/accept", Insiders, REASON),
    ("POST /api/v1/claims/{id}/appeal/refuse", Insiders, REASON),
    ("POST /api/v1/tasks/{id}/report", Insiders, |_| json!({"words": "已巡查"})),
    ("POST /api/v1/tasks/{id}/confirm", Insiders, |_| json!({"claims": []})),
    ("POST /api/v1/tasks/{id}/story", Insiders, STORY),
    ("PUT /api/v1/stories/{id}", Insiders, STORY),
    ("POST /api/v1/stories/{id}/submit", Insiders, NONE),
    ("POST /api/v1/stories/{id}/reject", Insiders, REASON),
    ("POST /api/v1/stories/{id}/approve", Insiders, NONE),
    ("POST /api/v1/stories/{id}/withdraw", Insiders, REASON),
    ("POST /api/v1/stories/{id}/consent", Insiders, |_| json!({"answer": "yes"})),
    ("POST /api/v1/memberships/{id}/confirm", Insiders, NONE),
    ("POST /api/v1/memberships/{id}/refuse", Insiders, REASON),
    ("PUT /api/v1/memberships/{id}", Insiders, |_| json!({"class": "elder"})),
    (
        "POST /api/v1/memberships/{id}/move",
        Insiders,
        |ours| json!({"org_id": ours.row("orgs", "branch"), "reason": "工作调动"}),
    ),
    ("POST /api/v1/memberships/{id}/end", Insiders, REASON),
    ("POST /api/v1/complaints/{id}/answer", Insiders, |_| json!({"words": "已经整改"})),
    (
        "POST /api/v1/orgs",
        Insiders,
        |ours| json!({"parent_id": ours.row("orgs", "community"), "kind": "branch", "name": "第二党支部"}),
    ),
    ("PUT /api/v1/orgs/{id}", Insiders, |_| json!({"name": "新名字"})),
    ("GET /api/v1/orgs/{id}/settings", Insiders, NONE),
    ("PUT /api/v1/orgs/{id}/settings", Insiders, |_| json!({"open_claims_max": 4})),
    ("POST /api/v1/orgs/{id}/settings/forbid", Insiders, SWITCH),
    ("POST /api/v1/orgs/{id}/settings/allow", Insiders, SWITCH),
    ("GET /api/v1/orgs/{id}/members", Insiders, NONE),
    (
        "POST /api/v1/orgs/{id}/members",
        Insiders,
        |_| json!({"name": "周强", "phone": "13900005678"}),
    ),
    ("GET /api/v1/rankings", Insiders, NONE),
    ("POST /api/v1/hours/{id}/approve", Insiders, NONE),
    ("POST /api/v1/hours/{id}/refuse", Insiders, REASON),
    (
        "POST /api/v1/claims/{id}/correct",
        Insiders,
        |_| json!({"minutes": 30, "reason": "提前离开了"}),
    ),
    ("GET /api/v1/orgs/{id}/points-rules", Insiders, NONE),
    (
        "PUT /api/v1/orgs/{id}/points-rules",
        Insiders,
        |_| json!({"rules": [{"kind": "base", "trigger": "service_hour", "amount": 1}]}),
    ),
    ("GET /api/v1/orgs/{id}/points", Insiders, NONE),
    (
        "POST /api/v1/orgs/{id}/points",
        Insiders,
        |ours| json!({"user_id": ours.who("孙立").id, "kind": "pioneer", "amount": 2, "reason": "抢险有功"}),
    ),
    ("POST /api/v1/points/{id}/approve", Insiders, NONE),
    ("POST /api/v1/points/{id}/refuse", Insiders, REASON),
    ("GET /api/v1/orgs/{id}/members/{person_id}/party", Insiders, NONE),
    (
        "PUT /api/v1/orgs/{id}/members/{person_id}/party",
        Insiders,
        |_| json!({"gender": "male", "joined_on": "2001-07-01", "consented": true}),
    ),
    ("GET /api/v1/orgs/{id}/members/{person_id}/hours", Insiders, NONE),
    ("GET /api/v1/orgs/{id}/members/{person_id}/skills", Insiders, NONE),
    (
        "PUT /api/v1/orgs/{id}/members/{person_id}/skills/{skill}",
        Insiders,
        |_| json!({"expires_on": "2027-06-30", "certificate": {"number": "A-1", "issuer": "红十字会"}}),
    ),
    ("DELETE /api/v1/orgs/{id}/members/{person_id}/skills/{skill}", Insiders, NONE),
    ("GET /api/v1/orgs/{id}/skills/expiring", Insiders, NONE),
    ("GET /api/v1/orgs/{id}/imports", Insiders, NONE),
    ("POST /api/v1/orgs/{id}/imports", Insiders, FORM),
    ("GET /api/v1/orgs/{id}/imports/template", Insiders, NONE),
    ("GET /api/v1/imports/{id}", Insiders, NONE),
    ("GET /api/v1/orgs/{id}/roles", Insiders, NONE),
    ("POST /api/v1/orgs/{id}/roles", Insiders, |_| {
        json!({"account": {"username": "xinren", "name": "新人", "password": "linli-test-2026"},
            "role": "dispatcher"})
    }),
    ("DELETE /api/v1/orgs/{id}/roles/{role_id}", Insiders, NONE),
];

/// The same calls by those who may, in an order in which each is possible: whose, on which row. It proves that the
/// bodies above are good, so that a refusal is about the caller and nothing else.
pub const RIGHTFUL: &[(&str, &str, &str)] = &[
    ("PUT /api/v1/me", "王阿姨", ""),
    ("POST /api/v1/me/phone", "钱大爷", ""),
    ("POST /api/v1/files", "王阿姨", ""),
    ("POST /api/v1/me/memberships", "李建国", ""),
    ("POST /api/v1/requests", "王阿姨", ""),
    ("POST /api/v1/inbox/{id}/read", "王阿姨", "told"),
    ("POST /api/v1/inbox/read-all", "王阿姨", ""),
    ("POST /api/v1/complaints", "王阿姨", ""),
    ("POST /api/v1/me/consents", "王阿姨", ""),
    ("DELETE /api/v1/me/consents/{purpose}", "王阿姨", ""),
    ("POST /api/v1/people/{id}/reveal", "office", "asker"),
    ("GET /api/v1/me/export", "王阿姨", ""),
    ("POST /api/v1/auth/logout", "钱大爷", ""),
    ("GET /api/v1/requests/{id}", "王阿姨", "asked"),
    ("GET /api/v1/requests/{id}/timeline", "office", "asked"),
    ("POST /api/v1/requests/{id}/ask", "office", "asked"),
    ("PUT /api/v1/requests/{id}", "王阿姨", "asked"),
    ("POST /api/v1/requests/{id}/dispatch", "office", "asked"),
    ("POST /api/v1/requests/{id}/return", "office", "asked"),
    ("POST /api/v1/requests/{id}/assign", "office", "asked"),
    ("GET /api/v1/requests/{id}/duplicates", "office", "asked"),
    ("POST /api/v1/requests/{id}/decline", "office", "asked"),
    ("POST /api/v1/requests/{id}/withdraw", "王阿姨", "spare"),
    ("POST /api/v1/requests/{id}/pass", "office", "elsewhere"),
    ("POST /api/v1/requests/{id}/merge", "office", "twin"),
    ("POST /api/v1/orgs/{id}/categories", "secretary", "branch"),
    ("PUT /api/v1/categories/{id}", "office", "care"),
    ("PUT /api/v1/me/request-draft", "王阿姨", ""),
    ("DELETE /api/v1/me/request-draft", "王阿姨", ""),
    ("PUT /api/v1/me/deputy", "office", ""),
    ("DELETE /api/v1/me/deputy", "office", ""),
    ("POST /api/v1/requests/{id}/answer", "王阿姨", "done"),
    ("POST /api/v1/tasks", "office", ""),
    ("GET /api/v1/tasks/{id}", "李建国", "open"),
    ("GET /api/v1/tasks/{id}/roster", "office", "open"),
    ("GET /api/v1/tasks/{id}/roster/print", "office", "open"),
    ("GET /api/v1/tasks/{id}/roster.xlsx", "office", "open"),
    ("GET /api/v1/tasks/{id}/poster", "office", "open"),
    ("GET /api/v1/tasks/{id}/poster/print", "office", "open"),
    ("POST /api/v1/tasks/{id}/poster/renew", "office", "open"),
    ("PUT /api/v1/tasks/{id}", "office", "draft"),
    ("POST /api/v1/tasks/{id}/publish", "office", "draft"),
    ("POST /api/v1/tasks/{id}/resize", "office", "free"),
    ("POST /api/v1/tasks/{id}/claims", "孙立", "free"),
    ("POST /api/v1/tasks/{id}/reschedule", "office", "free"),
    ("POST /api/v1/tasks/{id}/lead", "office", "free"),
    ("POST /api/v1/tasks/{id}/copy", "office", "free"),
    ("POST /api/v1/tasks/{id}/borrow", "office", "free"),
    ("POST /api/v1/tasks/bulk", "office", ""),
    ("GET /api/v1/orgs/{id}/task-templates", "office", "branch"),
    ("POST /api/v1/orgs/{id}/task-templates", "office", "community"),
    ("PUT /api/v1/task-templates/{id}", "office", "monthly"),
    ("POST /api/v1/task-templates/{id}/tasks", "office", "monthly"),
    ("DELETE /api/v1/task-templates/{id}", "office", "monthly"),
    ("GET /api/v1/orgs/{id}/task-series", "office", "community"),
    ("POST /api/v1/orgs/{id}/task-series", "office", "community"),
    ("PUT /api/v1/task-series/{id}", "office", "weekly"),
    ("POST /api/v1/task-series/{id}/skip", "office", "weekly"),
    ("POST /api/v1/loans/{id}/accept", "office", "first"),
    ("POST /api/v1/loans/{id}/refuse", "office", "second"),
    ("GET /api/v1/claims/{id}", "李建国", "held"),
    ("POST /api/v1/claims/{id}/excuse", "李建国", "held"),
    ("POST /api/v1/claims/{id}/excuse/refuse", "office", "held"),
    ("POST /api/v1/claims/{id}/appeal", "李建国", "held"),
    ("POST /api/v1/claims/{id}/appeal/refuse", "second", "held"),
    ("GET /api/v1/claims/{id}/absence", "李建国", "held"),
    ("POST /api/v1/claims/{id}/excuse/accept", "office", "sorry"),
    ("POST /api/v1/claims/{id}/appeal/accept", "second", "appealed"),
    ("POST /api/v1/tasks/{id}/cancel", "office", "free"),
    ("DELETE /api/v1/claims/{id}", "赵敏", "loose"),
    ("POST /api/v1/tasks/{id}/waitlist", "孙立", "full"),
    ("DELETE /api/v1/tasks/{id}/waitlist", "孙立", "full"),
    ("GET /api/v1/tasks/{id}/why", "office", "open"),
    ("POST /api/v1/offers/{id}/accept", "赵敏", "to_take"),
    ("POST /api/v1/offers/{id}/decline", "孙立", "to_refuse"),
    ("POST /api/v1/claims/{id}/reconfirm", "李建国", "held"),
    ("POST /api/v1/claims/{id}/hand-over", "李建国", "held"),
    ("POST /api/v1/tasks/{id}/assign", "office", "open"),
    ("POST /api/v1/tasks/{id}/roster/check-in", "office", "running"),
    ("POST /api/v1/claims/{id}/check-in", "孙立", "coming"),
    ("POST /api/v1/tasks/{id}/roster/check-out", "office", "running"),
    ("POST /api/v1/tasks/{id}/walk-ins", "office", "running"),
    ("POST /api/v1/claims/{id}/no-show", "office", "missing"),
    ("POST /api/v1/claims/{id}/check-out", "赵敏", "inside"),
    ("POST /api/v1/tasks/{id}/report", "office", "running"),
    ("POST /api/v1/tasks/{id}/confirm", "second", "served"),
    ("POST /api/v1/tasks/{id}/story", "office", "running"),
    ("PUT /api/v1/stories/{id}", "office", "sketch"),
    ("POST /api/v1/stories/{id}/submit", "office", "sketch"),
    ("POST /api/v1/stories/{id}/reject", "second", "sketch"),
    ("POST /api/v1/stories/{id}/consent", "孙立", "waiting"),
    ("POST /api/v1/stories/{id}/approve", "second", "waiting"),
    ("POST /api/v1/stories/{id}/withdraw", "secretary", "shown"),
    ("POST /api/v1/memberships/{id}/confirm", "office", "lives"),
    ("POST /api/v1/memberships/{id}/refuse", "secretary", "belongs"),
    ("POST /api/v1/me/certificate", "李建国", ""),
    ("GET /api/v1/rankings", "李建国", ""),
    ("POST /api/v1/hours/{id}/approve", "second", "asked"),
    ("POST /api/v1/hours/{id}/refuse", "second", "asked too"),
    ("POST /api/v1/claims/{id}/correct", "office", "told"),
    ("GET /api/v1/orgs/{id}/points-rules", "secretary", "community"),
    ("PUT /api/v1/orgs/{id}/points-rules", "office", "community"),
    ("GET /api/v1/orgs/{id}/points", "office", "community"),
    ("POST /api/v1/orgs/{id}/points", "office", "community"),
    ("POST /api/v1/points/{id}/approve", "second", "asked"),
    ("POST /api/v1/points/{id}/refuse", "second", "asked too"),
    ("PUT /api/v1/memberships/{id}", "secretary", "lives"),
    ("POST /api/v1/memberships/{id}/end", "office", "lives"),
    ("POST /api/v1/memberships/{id}/move", "leader", "second"),
    ("POST /api/v1/complaints/{id}/answer", "leader", "filed"),
    ("POST /api/v1/orgs", "leader", ""),
    ("PUT /api/v1/orgs/{id}", "leader", "community"),
    ("GET /api/v1/orgs/{id}/settings", "secretary", "community"),
    ("PUT /api/v1/orgs/{id}/settings", "office", "community"),
    ("POST /api/v1/orgs/{id}/settings/forbid", "leader", "community"),
    ("POST /api/v1/orgs/{id}/settings/allow", "leader", "community"),
    ("GET /api/v1/orgs/{id}/members", "secretary", "branch"),
    ("POST /api/v1/orgs/{id}/members", "office", "branch"),
    ("GET /api/v1/orgs/{id}/members/{person_id}/party", "secretary", "branch"),
    ("PUT /api/v1/orgs/{id}/members/{person_id}/party", "leader", "branch"),
    ("GET /api/v1/orgs/{id}/members/{person_id}/hours", "office", "branch"),
    ("GET /api/v1/orgs/{id}/members/{person_id}/skills", "secretary", "branch"),
    ("PUT /api/v1/orgs/{id}/members/{person_id}/skills/{skill}", "secretary", "branch"),
    ("DELETE /api/v1/orgs/{id}/members/{person_id}/skills/{skill}", "secretary", "branch"),
    ("GET /api/v1/orgs/{id}/skills/expiring", "office", "community"),
    ("GET /api/v1/orgs/{id}/imports", "secretary", "branch"),
    ("POST /api/v1/orgs/{id}/imports", "secretary", "branch"),
    ("GET /api/v1/orgs/{id}/imports/template", "office", "community"),
    ("GET /api/v1/imports/{id}", "secretary", "tried"),
    ("GET /api/v1/orgs/{id}/roles", "leader", "community"),
    ("POST /api/v1/orgs/{id}/roles", "leader", "community"),
    ("DELETE /api/v1/orgs/{id}/roles/{role_id}", "leader", "community"),
    ("DELETE /api/v1/me", "吴叔", ""),
];

/// An operation as the one who may would call it: who, the path, the body.
pub fn rightful<'a>(ours: &'a Ours, operation: &str) -> (&'a Person, String, Value) {
    let (_, who, row) =
        RIGHTFUL.iter().find(|(name, ..)| *name == operation).expect("a rightful call");
    let pattern = operation.split(' ').nth(1).unwrap();
    let path = ours.inner(pattern).replace("{role_id}", ours.row("roles", "third"));
    let mut path = path.replace("{purpose}", "photo");
    if !row.is_empty() {
        path = path.replace("{id}", ours.row(folder(operation), row));
    }
    (ours.who(who), asking(ours, operation, path), entry(operation).2(ours))
}

/// The path with the query it cannot be without.
pub fn asking(ours: &Ours, operation: &str, path: String) -> String {
    match operation {
        "GET /api/v1/tasks/{id}/why" => format!("{path}?user_id={}", ours.who("李建国").id),
        _ => path,
    }
}

pub fn entry(operation: &str) -> &'static (&'static str, For, Body) {
    TABLE.iter().find(|(name, ..)| *name == operation).expect("it stands in the table")
}

/// `POST /api/v1/tasks/{id}/claims` → `tasks`
pub fn folder(operation: &str) -> &str {
    operation.split('/').nth(3).unwrap_or_default()
}
