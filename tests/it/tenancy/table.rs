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
const SWITCH: Body = |_| json!({"setting": "points_enabled"});
const STORY: Body = |_| json!({"title": "平安巡查", "words": "顺利完成。"});

pub const TABLE: &[(&str, For, Body)] = &[
    // Probes, the way in, the tree of orgs and what was published are for everybody.
    ("GET /live", Everybody, NONE),
    ("GET /ready", Everybody, NONE),
    ("GET /api/v1/orgs", Everybody, NONE),
    ("GET /api/v1/orgs/{id}", Everybody, NONE),
    ("GET /api/v1/stories", Everybody, NONE),
    ("GET /api/v1/stories/{id}", Everybody, NONE),
    // A photo by its link, or once it was published: `tests/it/files`.
    ("GET /api/v1/files/{id}", Everybody, NONE),
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
    ("GET /api/v1/me/requests", Oneself, NONE),
    (
        "POST /api/v1/me/memberships",
        OwnDoing,
        |ours| json!({"org_id": ours.row("orgs", "community"), "kind": "residence"}),
    ),
    ("GET /api/v1/requests", Oneself, NONE),
    ("POST /api/v1/requests", OwnDoing, |ours| {
        json!({"org_id": ours.row("orgs", "community"), "category": "维修", "title": "楼道灯坏了",
            "detail": "三单元二楼的灯不亮"})
    }),
    ("GET /api/v1/tasks", Oneself, NONE),
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
    ("POST /api/v1/requests/{id}/withdraw", Insiders, NONE),
    ("POST /api/v1/requests/{id}/answer", Insiders, |_| json!({"verdict": "done", "stars": 5})),
    ("POST /api/v1/tasks", Insiders, |ours| ours.form(Some(ours.row("orgs", "community")))),
    ("GET /api/v1/tasks/{id}", Insiders, NONE),
    ("PUT /api/v1/tasks/{id}", Insiders, |ours| ours.form(None)),
    ("GET /api/v1/tasks/{id}/roster", Insiders, NONE),
    ("POST /api/v1/tasks/{id}/publish", Insiders, NONE),
    ("POST /api/v1/tasks/{id}/resize", Insiders, |_| json!({"slots": 5})),
    ("POST /api/v1/tasks/{id}/claims", Insiders, NONE),
    ("POST /api/v1/tasks/{id}/cancel", Insiders, REASON),
    ("GET /api/v1/claims/{id}", Insiders, NONE),
    ("DELETE /api/v1/claims/{id}", Insiders, NONE),
    ("POST /api/v1/claims/{id}/check-in", Insiders, |ours| json!({"code": ours.check_in_code})),
    ("POST /api/v1/claims/{id}/check-out", Insiders, NONE),
    ("POST /api/v1/tasks/{id}/report", Insiders, |_| json!({"words": "已巡查"})),
    ("POST /api/v1/tasks/{id}/confirm", Insiders, NONE),
    ("POST /api/v1/tasks/{id}/story", Insiders, STORY),
    ("PUT /api/v1/stories/{id}", Insiders, STORY),
    ("POST /api/v1/stories/{id}/submit", Insiders, NONE),
    ("POST /api/v1/stories/{id}/reject", Insiders, REASON),
    ("POST /api/v1/stories/{id}/approve", Insiders, NONE),
    ("POST /api/v1/stories/{id}/withdraw", Insiders, NONE),
    ("POST /api/v1/memberships/{id}/confirm", Insiders, NONE),
    ("POST /api/v1/memberships/{id}/refuse", Insiders, REASON),
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
    ("POST /api/v1/requests/{id}/decline", "office", "asked"),
    ("POST /api/v1/requests/{id}/withdraw", "王阿姨", "spare"),
    ("POST /api/v1/requests/{id}/answer", "王阿姨", "done"),
    ("POST /api/v1/tasks", "office", ""),
    ("GET /api/v1/tasks/{id}", "李建国", "open"),
    ("GET /api/v1/tasks/{id}/roster", "office", "open"),
    ("PUT /api/v1/tasks/{id}", "office", "draft"),
    ("POST /api/v1/tasks/{id}/publish", "office", "draft"),
    ("POST /api/v1/tasks/{id}/resize", "office", "free"),
    ("POST /api/v1/tasks/{id}/claims", "孙立", "free"),
    ("POST /api/v1/tasks/{id}/cancel", "office", "free"),
    ("GET /api/v1/claims/{id}", "李建国", "held"),
    ("DELETE /api/v1/claims/{id}", "赵敏", "loose"),
    ("POST /api/v1/claims/{id}/check-in", "孙立", "coming"),
    ("POST /api/v1/claims/{id}/check-out", "赵敏", "inside"),
    ("POST /api/v1/tasks/{id}/report", "office", "running"),
    ("POST /api/v1/tasks/{id}/confirm", "second", "served"),
    ("POST /api/v1/tasks/{id}/story", "office", "running"),
    ("PUT /api/v1/stories/{id}", "office", "sketch"),
    ("POST /api/v1/stories/{id}/submit", "office", "sketch"),
    ("POST /api/v1/stories/{id}/reject", "second", "sketch"),
    ("POST /api/v1/stories/{id}/approve", "second", "waiting"),
    ("POST /api/v1/stories/{id}/withdraw", "secretary", "shown"),
    ("POST /api/v1/memberships/{id}/confirm", "office", "lives"),
    ("POST /api/v1/memberships/{id}/refuse", "secretary", "belongs"),
    ("POST /api/v1/orgs", "leader", ""),
    ("PUT /api/v1/orgs/{id}", "leader", "community"),
    ("GET /api/v1/orgs/{id}/settings", "secretary", "community"),
    ("PUT /api/v1/orgs/{id}/settings", "office", "community"),
    ("POST /api/v1/orgs/{id}/settings/forbid", "leader", "community"),
    ("POST /api/v1/orgs/{id}/settings/allow", "leader", "community"),
    ("GET /api/v1/orgs/{id}/members", "secretary", "branch"),
    ("POST /api/v1/orgs/{id}/members", "office", "branch"),
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
    let mut path = pattern.replace("{role_id}", ours.row("roles", "third"));
    path = path.replace("{purpose}", "photo");
    if !row.is_empty() {
        path = path.replace("{id}", ours.row(folder(operation), row));
    }
    (ours.who(who), path, entry(operation).2(ours))
}

pub fn entry(operation: &str) -> &'static (&'static str, For, Body) {
    TABLE.iter().find(|(name, ..)| *name == operation).expect("it stands in the table")
}

/// `POST /api/v1/tasks/{id}/claims` → `tasks`
pub fn folder(operation: &str) -> &str {
    operation.split('/').nth(3).unwrap_or_default()
}
