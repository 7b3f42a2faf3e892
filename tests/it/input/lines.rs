//! One line is one case: the operation, what is wrong with a body that is good otherwise, what is said to it.

use linli::kernel::Day;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::tenancy::world::Ours;

pub enum Change {
    Set(&'static str, fn(&Ours) -> Value),
    Whole(fn(&Ours) -> Value),
}
pub enum Told {
    Field(&'static str, &'static str),
    Code(u16, &'static str),
}
use Change::{Set, Whole};
use Told::{Code, Field};

const WECHAT: &str = "POST /api/v1/auth/wechat";
const PASSWORD: &str = "POST /api/v1/auth/password";
const REFRESH: &str = "POST /api/v1/auth/refresh";
const ME: &str = "PUT /api/v1/me";
const MY_PHONE: &str = "POST /api/v1/me/phone";
const MY_PLACE: &str = "POST /api/v1/me/memberships";
const ASK: &str = "POST /api/v1/requests";
const AMEND: &str = "PUT /api/v1/requests/{id}";
const ASK_BACK: &str = "POST /api/v1/requests/{id}/ask";
const DECLINE: &str = "POST /api/v1/requests/{id}/decline";
const RETURN: &str = "POST /api/v1/requests/{id}/return";
const DISPATCH: &str = "POST /api/v1/requests/{id}/dispatch";
const ANSWER: &str = "POST /api/v1/requests/{id}/answer";
const PLAN: &str = "POST /api/v1/tasks";
const REWRITE: &str = "PUT /api/v1/tasks/{id}";
const RESIZE: &str = "POST /api/v1/tasks/{id}/resize";
const CANCEL: &str = "POST /api/v1/tasks/{id}/cancel";
const REPORT: &str = "POST /api/v1/tasks/{id}/report";
const CHECK_IN: &str = "POST /api/v1/claims/{id}/check-in";
const STORY: &str = "POST /api/v1/tasks/{id}/story";
const MEND: &str = "PUT /api/v1/stories/{id}";
const REJECT: &str = "POST /api/v1/stories/{id}/reject";
const REFUSE: &str = "POST /api/v1/memberships/{id}/refuse";
const ADD_ORG: &str = "POST /api/v1/orgs";
const RENAME: &str = "PUT /api/v1/orgs/{id}";
const SETTINGS: &str = "PUT /api/v1/orgs/{id}/settings";
const ENTER: &str = "POST /api/v1/orgs/{id}/members";
const APPOINT: &str = "POST /api/v1/orgs/{id}/roles";
const REVEAL: &str = "POST /api/v1/people/{id}/reveal";
const CONSENT: &str = "POST /api/v1/me/consents";

/// Every text that people read, and how long it may be.
pub const TEXTS: &[(&str, &str, usize)] = &[
    (ME, "name", 20),
    (ASK, "category", 20),
    (ASK, "title", 40),
    (ASK, "detail", 2000),
    (ASK, "place.name", 60),
    (ASK, "place.address", 120),
    (AMEND, "title", 40),
    (AMEND, "detail", 2000),
    (AMEND, "place.address", 120),
    (ASK_BACK, "question", 200),
    (REVEAL, "reason", 200),
    (DECLINE, "reason", 200),
    (RETURN, "reason", 200),
    (ANSWER, "words", 500),
    (DISPATCH, "title", 40),
    (DISPATCH, "notes", 1000),
    (DISPATCH, "place.address", 120),
    (PLAN, "title", 40),
    (PLAN, "notes", 1000),
    (PLAN, "place.name", 60),
    (REWRITE, "title", 40),
    (REWRITE, "notes", 1000),
    (REWRITE, "place.address", 120),
    (CANCEL, "reason", 200),
    (REPORT, "words", 2000),
    (STORY, "title", 40),
    (STORY, "words", 2000),
    (MEND, "title", 40),
    (MEND, "words", 2000),
    (REJECT, "reason", 200),
    (REFUSE, "reason", 200),
    (ADD_ORG, "name", 50),
    (RENAME, "name", 50),
    (ENTER, "name", 30),
    (APPOINT, "account.name", 30),
];

fn nobody() -> Value {
    json!(Uuid::from_u128(7))
}

/// Days from now, at noon in Shanghai.
fn day(ours: &Ours, days: i64) -> Value {
    json!(Day::of(ours.app.state.clock.now()).plus(days).time(12, 0))
}

fn many(one: &str, n: usize) -> Value {
    json!(vec![one; n])
}

pub const LINES: &[(&str, Change, Told)] = &[
    // Signing in
    (WECHAT, Set("code", |_| json!("")), Field("code", "length")),
    (WECHAT, Set("code", |_| json!("x".repeat(201))), Field("code", "length")),
    (WECHAT, Set("code", |_| json!("not-from-wechat")), Code(401, "auth.relogin")),
    (PASSWORD, Set("username", |_| json!("")), Field("username", "length")),
    (PASSWORD, Set("username", |_| json!("x".repeat(65))), Field("username", "length")),
    (PASSWORD, Set("username", |_| json!("wen\u{0}hua")), Field("username", "value")),
    (PASSWORD, Set("username", |_| json!("nobody")), Code(401, "auth.wrong_password")),
    (PASSWORD, Set("password", |_| json!("x".repeat(201))), Field("password", "length")),
    (PASSWORD, Set("password", |_| json!("wrong\u{0}")), Code(401, "auth.wrong_password")),
    (REFRESH, Set("refresh_token", |_| json!("")), Field("refresh_token", "length")),
    (REFRESH, Set("refresh_token", |_| json!("x\u{0}.y")), Code(401, "auth.relogin")),
    // One's own
    (MY_PHONE, Set("code", |_| json!("")), Field("code", "length")),
    (MY_PHONE, Set("code", |_| json!("not-from-wechat")), Code(422, "auth.phone_code_expired")),
    (MY_PLACE, Set("org_id", |_| nobody()), Code(404, "not_found")),
    (MY_PLACE, Set("org_id", |_| json!("文化社区")), Field("org_id", "type")),
    (MY_PLACE, Set("org_id", |ours| json!(ours.row("orgs", "branch"))), Field("kind", "value")),
    (MY_PLACE, Set("kind", |_| json!("home_branch")), Field("kind", "value")),
    (MY_PLACE, Set("kind", |_| json!("king")), Field("kind", "value")),
    // 点单
    (ASK, Set("org_id", |_| nobody()), Field("org_id", "value")),
    (ASK, Set("org_id", |ours| json!(ours.row("orgs", "branch"))), Field("org_id", "value")),
    (ASK, Set("org_id", |ours| json!(ours.row("tasks", "open"))), Field("org_id", "value")),
    (ASK, Set("wanted_from", |_| json!("2026-11-28T09:00:00")), Field("wanted_from", "time")),
    (ASK, Set("wanted_from", |_| json!("星期六")), Field("wanted_from", "time")),
    (ASK, Set("wanted_from", |ours| day(ours, -1)), Field("wanted_from", "time")),
    (ASK, Set("wanted_to", |ours| day(ours, -1)), Field("wanted_to", "time")),
    (ASK, Set("wanted_from", |ours| day(ours, 400)), Field("wanted_from", "time")),
    (ASK, Set("wanted_to", |ours| day(ours, 400)), Field("wanted_to", "time")),
    (ASK, Set("wanted_to", |_| json!("9999-12-31T23:59:59+08:00")), Field("wanted_to", "time")),
    (ASK, Set("wanted_from", |_| json!("0000-01-01T00:00:00Z")), Field("wanted_from", "time")),
    (ASK, Set("wanted_from", |_| json!("2026-02-30T00:00:00Z")), Field("wanted_from", "time")),
    (ASK, Set("urgent", |_| json!("yes")), Field("urgent", "type")),
    (ASK, Set("place", |_| json!({"name": "北门", "lat": 27.7})), Field("place", "value")),
    (ASK, Set("place.lat", |_| json!(91)), Field("place.lat", "range")),
    (ASK, Set("place.lat", |_| json!(-27.7)), Field("place.lat", "range")),
    (ASK, Set("place.lng", |_| json!(200)), Field("place.lng", "range")),
    (ASK, Set("place.lng", |_| json!("106.9")), Field("place.lng", "type")),
    (ASK, Set("place.height", |_| json!(7)), Field("place.height", "unknown")),
    (ASK, Set("place", |_| json!({})), Field("place.name", "required")),
    (AMEND, Set("place.lat", |_| json!(0)), Field("place.lat", "range")),
    (AMEND, Set("wanted_from", |ours| day(ours, -1)), Field("wanted_from", "time")),
    (AMEND, Set("org_id", |ours| json!(ours.row("orgs", "branch"))), Field("org_id", "unknown")),
    (ANSWER, Set("verdict", |_| json!("great")), Field("verdict", "value")),
    (ANSWER, Set("stars", |_| json!(0)), Field("stars", "range")),
    (ANSWER, Set("stars", |_| json!(6)), Field("stars", "range")),
    // 派单
    (DISPATCH, Set("slots", |_| json!(0)), Field("slots", "range")),
    (DISPATCH, Set("starts_at", |ours| day(ours, -1)), Field("starts_at", "time")),
    (DISPATCH, Set("lead_id", |_| nobody()), Field("lead_id", "value")),
    (
        DISPATCH,
        Set("org_id", |ours| json!(ours.row("orgs", "community"))),
        Field("org_id", "unknown"),
    ),
    (PLAN, Set("slots", |_| json!(0)), Field("slots", "range")),
    (PLAN, Set("slots", |_| json!(-1)), Field("slots", "range")),
    (PLAN, Set("slots", |_| json!(501)), Field("slots", "range")),
    (PLAN, Set("slots", |_| json!(1_000_000_000)), Field("slots", "range")),
    (PLAN, Set("slots", |_| json!(1e9)), Field("slots", "type")),
    (PLAN, Set("slots", |_| json!(4_294_967_298_u64)), Field("slots", "type")),
    (PLAN, Set("slots", |_| json!("2")), Field("slots", "type")),
    (PLAN, Set("slots", |_| json!(1.5)), Field("slots", "type")),
    (PLAN, Set("slots", |_| Value::Null), Field("slots", "type")),
    (PLAN, Set("min_turnout", |_| json!(0)), Field("min_turnout", "range")),
    (PLAN, Set("min_turnout", |_| json!(3)), Field("min_turnout", "range")),
    (PLAN, Set("points", |_| json!(-1)), Field("points", "range")),
    (PLAN, Set("points", |_| json!(101)), Field("points", "range")),
    (PLAN, Set("starts_at", |ours| day(ours, -1)), Field("starts_at", "time")),
    (PLAN, Set("starts_at", |ours| json!(ours.app.state.clock.now())), Field("starts_at", "time")),
    (PLAN, Set("starts_at", |ours| day(ours, 400)), Field("starts_at", "time")),
    (PLAN, Set("starts_at", |_| json!("2026-11-28T19:00:00")), Field("starts_at", "time")),
    (PLAN, Set("starts_at", |_| json!("2026-11-28 19:00")), Field("starts_at", "time")),
    (PLAN, Set("starts_at", |_| json!("")), Field("starts_at", "time")),
    (PLAN, Set("starts_at", |_| json!(1_795_312_800)), Field("starts_at", "type")),
    (PLAN, Set("ends_at", |ours| day(ours, 1)), Field("ends_at", "time")),
    (PLAN, Set("ends_at", |ours| day(ours, 30)), Field("ends_at", "time")),
    (PLAN, Set("ends_at", |_| json!("9999-12-31T23:59:59Z")), Field("ends_at", "time")),
    (PLAN, Set("opens_at", |ours| day(ours, 30)), Field("claim_until", "time")),
    (PLAN, Set("claim_until", |ours| day(ours, -1)), Field("claim_until", "time")),
    (PLAN, Set("claim_until", |ours| day(ours, 30)), Field("claim_until", "time")),
    (PLAN, Set("leave_until", |ours| day(ours, 30)), Field("leave_until", "time")),
    (PLAN, Set("lead_id", |ours| json!(ours.who("王阿姨").id)), Field("lead_id", "value")),
    (PLAN, Set("org_id", |_| nobody()), Code(404, "not_found")),
    (PLAN, Set("org_id", |_| Value::Null), Field("org_id", "required")),
    (PLAN, Set("title", |_| Value::Null), Field("title", "required")),
    (PLAN, Set("skills", |_| many("急救", 11)), Field("skills", "length")),
    (PLAN, Set("skills", |_| json!([""])), Field("skills", "value")),
    (PLAN, Set("skills", |_| json!(["急\u{0}救"])), Field("skills", "value")),
    (PLAN, Set("skills", |_| json!(["急".repeat(21)])), Field("skills", "value")),
    (PLAN, Set("skills", |_| json!([7])), Field("skills[0]", "type")),
    (PLAN, Set("audience", |_| json!({"ring": "planet"})), Field("audience.ring", "value")),
    (PLAN, Set("audience", |_| json!({"ring": "branch"})), Field("audience.ring", "value")),
    (PLAN, Set("audience", |_| json!({"all": true})), Field("audience.all", "unknown")),
    (PLAN, Set("place.lat", |_| json!(91)), Field("place.lat", "range")),
    (RESIZE, Set("slots", |_| json!(0)), Field("slots", "range")),
    (RESIZE, Set("slots", |_| json!(-1)), Field("slots", "range")),
    (RESIZE, Set("slots", |_| json!(501)), Field("slots", "range")),
    (RESIZE, Set("slots", |_| json!(1e9)), Field("slots", "type")),
    (RESIZE, Set("slots", |_| json!("2")), Field("slots", "type")),
    // 接单
    (CHECK_IN, Set("code", |_| json!("")), Field("code", "length")),
    (CHECK_IN, Set("code", |_| json!("A".repeat(21))), Field("code", "length")),
    (CHECK_IN, Set("code", |_| json!("\u{0}")), Code(422, "check_in.wrong_code")),
    (CHECK_IN, Set("code", |_| json!("WRONG")), Code(422, "check_in.wrong_code")),
    // 个人信息
    (REVEAL, Set("reason", |_| json!("看看 ")), Field("reason", "length")),
    (REVEAL, Set("field", |_| json!("address")), Field("field", "value")),
    (CONSENT, Set("purpose", |_| json!("everything")), Field("purpose", "value")),
    (CONSENT, Set("version", |_| json!("")), Field("version", "length")),
    (CONSENT, Set("version", |_| json!("2020-01")), Code(409, "consent.outdated")),
    // 组织
    (ADD_ORG, Set("parent_id", |_| nobody()), Code(404, "not_found")),
    (ADD_ORG, Set("kind", |_| json!("city")), Field("kind", "value")),
    (ADD_ORG, Set("kind", |_| json!("group")), Field("kind", "value")),
    (ADD_ORG, Set("kind", |_| json!("castle")), Field("kind", "value")),
    (ADD_ORG, Set("code", |_| json!("1")), Field("code", "length")),
    (ADD_ORG, Set("code", |_| json!("52a")), Field("code", "value")),
    (ADD_ORG, Set("code", |_| json!("520302014004")), Code(409, "org.code_taken")),
    (SETTINGS, Set("open_claims_max", |_| json!(0)), Field("open_claims_max", "range")),
    (SETTINGS, Set("open_claims_max", |_| json!(51)), Field("open_claims_max", "range")),
    (SETTINGS, Set("promise_done_days", |_| json!(-1)), Field("promise_done_days", "range")),
    (SETTINGS, Set("volunteers_may_claim", |_| json!(1)), Field("volunteers_may_claim", "type")),
    (ENTER, Set("phone", |_| json!("12345")), Field("phone", "value")),
    (ENTER, Set("phone", |_| json!("1".repeat(21))), Field("phone", "length")),
    (ENTER, Set("phone", |_| json!("1390000567\u{0}")), Field("phone", "value")),
    (ENTER, Set("kind", |_| json!("residence")), Field("kind", "value")),
    (ENTER, Set("skills", |_| many("急救", 21)), Field("skills", "length")),
    (ENTER, Set("skills", |_| json!([" "])), Field("skills", "value")),
    (APPOINT, Whole(|_| json!({"role": "dispatcher"})), Field("user_id", "required")),
    (
        APPOINT,
        Whole(|_| json!({"role": "dispatcher", "user_id": nobody()})),
        Code(404, "not_found"),
    ),
    (APPOINT, Set("user_id", |_| nobody()), Field("user_id", "required")),
    (APPOINT, Set("role", |_| json!("resident")), Field("role", "value")),
    (APPOINT, Set("role", |_| json!("king")), Field("role", "value")),
    (APPOINT, Set("role", |_| json!("operator")), Code(403, "auth.forbidden")),
    (APPOINT, Set("account.username", |_| json!("a")), Field("account.username", "length")),
    (APPOINT, Set("account.username", |_| json!("a b")), Field("account.username", "value")),
    (APPOINT, Set("account.username", |_| json!("a\u{0}b")), Field("account.username", "value")),
    (APPOINT, Set("account.username", |_| json!("WENHUA")), Code(409, "username.taken")),
    (APPOINT, Set("account.password", |_| json!("short")), Field("account.password", "length")),
];

/// A path below `/api/v1`, the parameter at fault, the code.
pub const QUERIES: &[(&str, &str, &str)] = &[
    ("/requests?limit=0", "limit", "range"),
    ("/requests?limit=101", "limit", "range"),
    ("/requests?limit=-1", "limit", "value"),
    ("/requests?limit=all", "limit", "value"),
    ("/requests?limit=1&limit=2", "limit", "value"),
    ("/requests?cursor=!!!", "cursor", "value"),
    ("/requests?cursor=AAAA", "cursor", "value"),
    (
        "/requests?cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "cursor",
        "length",
    ),
    ("/requests?org_id=x", "org_id", "value"),
    ("/requests?state=bogus", "state", "value"),
    ("/requests?mine=perhaps", "mine", "value"),
    ("/requests?page=2", "page", "unknown"),
    ("/me/claims?cursor=!!!", "cursor", "value"),
    ("/me/hours?limit=101", "limit", "range"),
    ("/tasks?cursor=AAAAAAAAAAAAAAAAAAAAAA", "cursor", "value"),
    ("/tasks?near=x", "near", "value"),
    ("/tasks?near=95,106", "near", "value"),
    ("/tasks?near=27.7", "near", "value"),
    ("/tasks?near=NaN,NaN", "near", "value"),
    ("/tasks?near=27.7,106.9,1", "near", "value"),
    ("/tasks?radius_m=99", "radius_m", "range"),
    ("/tasks?radius_m=100001", "radius_m", "range"),
    ("/tasks?radius_m=1e3", "radius_m", "value"),
    ("/tasks?from=gestern", "from", "value"),
    ("/tasks?from=2026-11-28T09:00:00", "from", "value"),
    ("/tasks?scope=all", "scope", "value"),
    ("/tasks?scope=office&state=full", "state", "value"),
    ("/tasks?skill=", "skill", "length"),
    ("/orgs?parent_id=x", "parent_id", "value"),
    ("/orgs?q=", "q", "length"),
    ("/orgs?q=%20", "q", "value"),
    ("/orgs?q=%00", "q", "value"),
    ("/stories?state=bogus", "state", "value"),
    ("/stories?org_id=0", "org_id", "value"),
    ("/orgs/{org}/members?state=bogus", "state", "value"),
    ("/orgs/{org}/members?limit=0", "limit", "range"),
];
