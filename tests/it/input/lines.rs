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
const OWN: &str = "POST /api/v1/requests/{id}/assign";
const PASS: &str = "POST /api/v1/requests/{id}/pass";
const MERGE: &str = "POST /api/v1/requests/{id}/merge";
const KEEP_DRAFT: &str = "PUT /api/v1/me/request-draft";
const DEPUTY: &str = "PUT /api/v1/me/deputy";
const ADD_CATEGORY: &str = "POST /api/v1/orgs/{id}/categories";
const CHANGE_CATEGORY: &str = "PUT /api/v1/categories/{id}";
const DISPATCH: &str = "POST /api/v1/requests/{id}/dispatch";
const ANSWER: &str = "POST /api/v1/requests/{id}/answer";
const PLAN: &str = "POST /api/v1/tasks";
const REWRITE: &str = "PUT /api/v1/tasks/{id}";
const RESIZE: &str = "POST /api/v1/tasks/{id}/resize";
const CANCEL: &str = "POST /api/v1/tasks/{id}/cancel";
const MOVE: &str = "POST /api/v1/tasks/{id}/reschedule";
const LEAD: &str = "POST /api/v1/tasks/{id}/lead";
const COPY: &str = "POST /api/v1/tasks/{id}/copy";
const BORROW: &str = "POST /api/v1/tasks/{id}/borrow";
const REFUSE_LOAN: &str = "POST /api/v1/loans/{id}/refuse";
const BULK: &str = "POST /api/v1/tasks/bulk";
const TEMPLATE: &str = "POST /api/v1/orgs/{id}/task-templates";
const RETEMPLATE: &str = "PUT /api/v1/task-templates/{id}";
const FROM_TEMPLATE: &str = "POST /api/v1/task-templates/{id}/tasks";
const SERIES: &str = "POST /api/v1/orgs/{id}/task-series";
const RESERIES: &str = "PUT /api/v1/task-series/{id}";
const SKIP: &str = "POST /api/v1/task-series/{id}/skip";
const REPORT: &str = "POST /api/v1/tasks/{id}/report";
const CHECK_IN: &str = "POST /api/v1/claims/{id}/check-in";
const WAIT: &str = "POST /api/v1/tasks/{id}/waitlist";
const OFFER: &str = "POST /api/v1/tasks/{id}/offers";
const ASSIGN: &str = "POST /api/v1/tasks/{id}/assign";
const HAND_OVER: &str = "POST /api/v1/claims/{id}/hand-over";
const WALK_IN: &str = "POST /api/v1/tasks/{id}/walk-ins";
const CONFIRM: &str = "POST /api/v1/tasks/{id}/confirm";
const ROLL_CALL: &str = "POST /api/v1/tasks/{id}/roster/check-in";
const EXCUSE: &str = "POST /api/v1/claims/{id}/excuse";
const EXCUSE_YES: &str = "POST /api/v1/claims/{id}/excuse/accept";
const EXCUSE_NO: &str = "POST /api/v1/claims/{id}/excuse/refuse";
const APPEAL: &str = "POST /api/v1/claims/{id}/appeal";
const APPEAL_YES: &str = "POST /api/v1/claims/{id}/appeal/accept";
const APPEAL_NO: &str = "POST /api/v1/claims/{id}/appeal/refuse";
const STORY: &str = "POST /api/v1/tasks/{id}/story";
const MEND: &str = "PUT /api/v1/stories/{id}";
const REJECT: &str = "POST /api/v1/stories/{id}/reject";
const CONSENT: &str = "POST /api/v1/stories/{id}/consent";
const REFUSE: &str = "POST /api/v1/memberships/{id}/refuse";
const ADD_ORG: &str = "POST /api/v1/orgs";
const RENAME: &str = "PUT /api/v1/orgs/{id}";
const SETTINGS: &str = "PUT /api/v1/orgs/{id}/settings";
const ENTER: &str = "POST /api/v1/orgs/{id}/members";
const CORRECT: &str = "POST /api/v1/claims/{id}/correct";
const KEEP_HOURS: &str = "POST /api/v1/hours/{id}/refuse";
const RULES: &str = "PUT /api/v1/orgs/{id}/points-rules";
const GIVE: &str = "POST /api/v1/orgs/{id}/points";
const KEEP_POINTS: &str = "POST /api/v1/points/{id}/refuse";
const APPEAL_STARS: &str = "POST /api/v1/stars/{id}/appeal";
const GRANT_STARS: &str = "POST /api/v1/star-appeals/{id}/approve";
const KEEP_STARS: &str = "POST /api/v1/star-appeals/{id}/refuse";
const COMPLAIN: &str = "POST /api/v1/complaints";
const REFUSE_CONTENT: &str = "POST /api/v1/content/{id}/refuse";
const ANSWER_COMPLAINT: &str = "POST /api/v1/complaints/{id}/answer";
const PLAN_DAY: &str = "POST /api/v1/orgs/{id}/theme-days";
const CHANGE_DAY: &str = "PUT /api/v1/theme-days/{id}";
const CANCEL_DAY: &str = "POST /api/v1/theme-days/{id}/cancel";
const ATTEND: &str = "POST /api/v1/theme-days/{id}/attendance";
const COME: &str = "POST /api/v1/theme-days/{id}/check-in";
const RECORD: &str = "POST /api/v1/theme-days/{id}/record";
const REVIEW: &str = "POST /api/v1/theme-days/{id}/review";
const DAY_RULE: &str = "PUT /api/v1/orgs/{id}/theme-day-rule";
const TRANSFER: &str = "POST /api/v1/memberships/{id}/move";
const END: &str = "POST /api/v1/memberships/{id}/end";
const CLASS: &str = "PUT /api/v1/memberships/{id}";
const PARTY: &str = "PUT /api/v1/orgs/{id}/members/{person_id}/party";
const QUIET: &str = "PUT /api/v1/orgs/{id}/members/{person_id}/quiet";
const WISH: &str = "POST /api/v1/orgs/{id}/birthdays/{person_id}/wishes";
const COMRADE_WISH: &str = "POST /api/v1/birthdays/{id}/wishes";
const WISH_TEMPLATE: &str = "POST /api/v1/orgs/{id}/wish-templates";
const SKILL: &str = "PUT /api/v1/orgs/{id}/members/{person_id}/skills/{skill}";
const FORBID: &str = "POST /api/v1/orgs/{id}/settings/forbid";
const APPOINT: &str = "POST /api/v1/orgs/{id}/roles";
const REVEAL: &str = "POST /api/v1/people/{id}/reveal";
const AGREE: &str = "POST /api/v1/me/consents";

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
    (OWN, "reason", 200),
    (PASS, "reason", 200),
    (KEEP_DRAFT, "category", 20),
    (KEEP_DRAFT, "title", 40),
    (KEEP_DRAFT, "detail", 2000),
    (KEEP_DRAFT, "place.address", 120),
    (KEEP_DRAFT, "on_behalf_of.consent", 200),
    (ADD_CATEGORY, "name", 20),
    (ADD_CATEGORY, "insurance_note", 200),
    (CHANGE_CATEGORY, "name", 20),
    (CHANGE_CATEGORY, "insurance_note", 200),
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
    (BORROW, "note", 200),
    (REFUSE_LOAN, "reason", 200),
    (BULK, "reason", 200),
    (TEMPLATE, "name", 40),
    (TEMPLATE, "task.title", 40),
    (TEMPLATE, "task.notes", 1000),
    (TEMPLATE, "task.place.address", 120),
    (RETEMPLATE, "name", 40),
    (RETEMPLATE, "task.title", 40),
    (FROM_TEMPLATE, "title", 40),
    (FROM_TEMPLATE, "notes", 1000),
    (SERIES, "task.title", 40),
    (SERIES, "task.place.name", 60),
    (RESERIES, "task.notes", 1000),
    (REPORT, "words", 2000),
    (ASSIGN, "reason", 200),
    (WALK_IN, "reason", 200),
    (EXCUSE, "reason", 500),
    (EXCUSE_YES, "reason", 500),
    (EXCUSE_NO, "reason", 500),
    (APPEAL, "reason", 500),
    (APPEAL_YES, "reason", 500),
    (APPEAL_NO, "reason", 500),
    (STORY, "title", 40),
    (STORY, "words", 2000),
    (MEND, "title", 40),
    (MEND, "words", 2000),
    (REJECT, "reason", 200),
    (REFUSE, "reason", 200),
    (CORRECT, "reason", 200),
    (KEEP_HOURS, "reason", 200),
    (GIVE, "reason", 200),
    (KEEP_POINTS, "reason", 200),
    (APPEAL_STARS, "reason", 200),
    (KEEP_STARS, "reason", 200),
    (ADD_ORG, "name", 50),
    (RENAME, "name", 50),
    (ENTER, "name", 30),
    (APPOINT, "account.name", 30),
    (COMPLAIN, "words", 1000),
    (ANSWER_COMPLAINT, "words", 1000),
    (REFUSE_CONTENT, "reason", 200),
    (TRANSFER, "reason", 200),
    (END, "reason", 200),
    (PARTY, "note", 200),
    (PLAN_DAY, "theme", 60),
    (PLAN_DAY, "place", 60),
    (PLAN_DAY, "notes", 1000),
    (CHANGE_DAY, "theme", 60),
    (CHANGE_DAY, "place", 60),
    (CHANGE_DAY, "notes", 1000),
    (CANCEL_DAY, "reason", 200),
    (ATTEND, "reason", 200),
    (RECORD, "words", 4000),
    (REVIEW, "reason", 200),
    (DAY_RULE, "place", 60),
    (DAY_RULE, "paused_reason", 200),
    (QUIET, "reason", 200),
    (WISH, "words", 200),
    (COMRADE_WISH, "words", 200),
    (WISH_TEMPLATE, "words", 200),
    (SKILL, "certificate.number", 40),
    (SKILL, "certificate.issuer", 60),
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

fn rule(kind: &str, trigger: &str, amount: i32) -> Value {
    json!([{"kind": kind, "trigger": trigger, "amount": amount}])
}

fn days(from: &str, until: &str) -> Value {
    json!([{"kind": "base", "trigger": "lead", "amount": 1, "from_on": from, "until_on": until}])
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
    // 主题党日
    (PLAN_DAY, Set("month", |_| json!("2026-13")), Field("month", "type")),
    (PLAN_DAY, Set("month", |_| json!("2027-01")), Field("starts_at", "value")),
    (PLAN_DAY, Set("starts_at", |_| json!("下周三")), Field("starts_at", "time")),
    (PLAN_DAY, Set("starts_at", |ours| day(ours, -1)), Field("starts_at", "value")),
    (PLAN_DAY, Set("ends_at", |ours| day(ours, 1)), Field("ends_at", "value")),
    (PLAN_DAY, Set("steps", |_| json!([])), Field("steps", "length")),
    (PLAN_DAY, Set("steps", |_| json!([{"title": "走访"}])), Field("steps", "value")),
    (
        PLAN_DAY,
        Set("steps", |_| json!([{"title": "", "fixed": true}])),
        Field("steps[0].title", "length"),
    ),
    (
        PLAN_DAY,
        Set("materials", |_| json!([{"title": "材料", "url": "https://x.example"}])),
        Field("materials[0].url", "unknown"),
    ),
    (PLAN_DAY, Set("bring", |_| many("笔", 11)), Field("bring", "length")),
    (PLAN_DAY, Set("bring", |_| json!([""])), Field("bring", "value")),
    (CHANGE_DAY, Set("month", |_| json!("2026-12")), Field("month", "value")),
    (ATTEND, Set("answer", |_| json!("maybe")), Field("answer", "value")),
    (ATTEND, Set("reason", |_| Value::Null), Field("reason", "required")),
    (COME, Set("person_ids", |_| json!([])), Field("person_ids", "length")),
    (COME, Set("person_ids", |_| json!([Uuid::from_u128(7)])), Field("person_ids", "value")),
    (COME, Set("code", |_| json!("ABCD2345")), Field("code", "required")),
    (COME, Whole(|_| json!({})), Field("code", "required")),
    (COME, Whole(|_| json!({"code": "x".repeat(21)})), Field("code", "length")),
    (RECORD, Set("photo_ids", |_| json!([Uuid::from_u128(7)])), Field("photo_ids", "value")),
    (REVIEW, Set("verdict", |_| json!("great")), Field("verdict", "value")),
    (REVIEW, Set("reason", |_| Value::Null), Field("reason", "required")),
    (DAY_RULE, Set("kind", |_| json!("moon")), Field("kind", "value")),
    (DAY_RULE, Set("day", |_| json!(32)), Field("day", "range")),
    (DAY_RULE, Set("day", |_| Value::Null), Field("day", "required")),
    (DAY_RULE, Set("kind", |_| json!("weekday")), Field("week", "required")),
    (DAY_RULE, Set("week", |_| json!(6)), Field("week", "range")),
    (DAY_RULE, Set("weekday", |_| json!(0)), Field("weekday", "range")),
    (DAY_RULE, Set("starts", |_| json!("25:00")), Field("starts", "type")),
    (DAY_RULE, Set("minutes", |_| json!(14)), Field("minutes", "range")),
    (
        DAY_RULE,
        Set("chosen", |_| json!([{"month": "2026-11", "date": "2026-12-01"}])),
        Field("chosen", "value"),
    ),
    (DAY_RULE, Set("paused_reason", |_| Value::Null), Field("paused_reason", "required")),
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
    (
        ASK,
        Set("answers", |_| json!([{"question": "几楼？", "answer": "三楼"}])),
        Field("answers", "value"),
    ),
    (ASK, Set("answers", |_| json!([7])), Field("answers[0]", "type")),
    (
        ASK,
        Set("on_behalf_of", |_| json!({"name": "钱奶奶"})),
        Field("on_behalf_of.phone", "required"),
    ),
    (
        ASK,
        Set(
            "on_behalf_of",
            |_| json!({"name": "钱奶奶", "phone": "12345", "consent": "电话里同意"}),
        ),
        Field("on_behalf_of.phone", "value"),
    ),
    (
        ASK,
        Set("on_behalf_of", |_| json!({"name": "钱奶奶", "phone": "13900001111", "consent": "好"})),
        Field("on_behalf_of.consent", "length"),
    ),
    (OWN, Set("user_id", |_| nobody()), Field("user_id", "value")),
    (OWN, Set("user_id", |ours| json!(ours.who("王阿姨").id)), Field("user_id", "value")),
    (PASS, Set("org_id", |_| nobody()), Field("org_id", "required")),
    (PASS, Set("hotline", |_| json!(false)), Field("org_id", "required")),
    (
        PASS,
        Whole(|ours| json!({"org_id": ours.row("orgs", "branch"), "reason": "请支部办理"})),
        Field("org_id", "value"),
    ),
    (
        PASS,
        Whole(|ours| json!({"org_id": ours.row("orgs", "community"), "reason": "转给自己"})),
        Field("org_id", "value"),
    ),
    (MERGE, Set("into", |_| nobody()), Code(404, "not_found")),
    (MERGE, Set("into", |ours| json!(ours.row("requests", "twin"))), Field("into", "value")),
    (MERGE, Set("into", |ours| json!(ours.row("requests", "done"))), Field("into", "value")),
    (DEPUTY, Set("user_id", |ours| json!(ours.who("office").id)), Field("user_id", "value")),
    (DEPUTY, Set("user_id", |ours| json!(ours.who("王阿姨").id)), Field("user_id", "value")),
    (DEPUTY, Set("until", |ours| day(ours, -1)), Field("until", "time")),
    (DEPUTY, Set("until", |ours| day(ours, 181)), Field("until", "time")),
    (ADD_CATEGORY, Set("name", |_| json!("家政")), Code(409, "category.exists")),
    (ADD_CATEGORY, Set("promise_done_days", |_| json!(91)), Field("promise_done_days", "range")),
    (ADD_CATEGORY, Set("promise_first_hours", |_| json!(0)), Field("promise_first_hours", "range")),
    (
        ADD_CATEGORY,
        Set("questions", |_| json!([{"text": "几楼？"}, {"text": "几点？"}, {"text": "几人？"}])),
        Field("questions", "length"),
    ),
    (
        ADD_CATEGORY,
        Set("questions", |_| json!([{"text": "?"}])),
        Field("questions[0].text", "length"),
    ),
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
    (GRANT_STARS, Set("stars", |_| json!(6)), Field("stars", "range")),
    (GRANT_STARS, Set("stars", |_| json!(-1)), Field("stars", "range")),
    (GRANT_STARS, Set("stars", |_| json!(2)), Field("stars", "value")),
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
    (PLAN, Set("audience", |_| json!({"people": []})), Field("audience.people", "length")),
    (PLAN, Set("audience", |_| json!({"people": [nobody()]})), Field("audience.people", "value")),
    (PLAN, Set("audience", |_| json!({"org_id": nobody()})), Field("audience.org_id", "value")),
    (
        PLAN,
        Set("audience", |ours| json!({"ring": "street", "org_id": ours.row("orgs", "branch")})),
        Field("audience.org_id", "value"),
    ),
    (MOVE, Set("starts_at", |ours| day(ours, -1)), Field("starts_at", "time")),
    (MOVE, Set("ends_at", |ours| day(ours, 1)), Field("ends_at", "time")),
    (MOVE, Set("reconfirm_by", |ours| day(ours, -1)), Field("reconfirm_by", "time")),
    (MOVE, Set("reconfirm_by", |ours| day(ours, 30)), Field("reconfirm_by", "time")),
    (LEAD, Set("user_id", |_| nobody()), Field("user_id", "value")),
    (COPY, Set("starts_at", |ours| day(ours, -1)), Field("starts_at", "time")),
    (COPY, Set("ends_at", |ours| day(ours, 30)), Field("ends_at", "time")),
    (BORROW, Set("org_id", |_| nobody()), Field("org_id", "value")),
    (BORROW, Set("org_id", |ours| json!(ours.row("orgs", "branch"))), Field("org_id", "value")),
    (BORROW, Set("org_id", |ours| json!(ours.row("orgs", "community"))), Field("org_id", "value")),
    (BULK, Set("ids", |_| json!([])), Field("ids", "length")),
    (BULK, Set("ids", |_| json!(vec![nobody(); 51])), Field("ids", "length")),
    (BULK, Set("ids", |_| json!([nobody()])), Code(404, "not_found")),
    (BULK, Set("action", |_| json!("burn")), Field("action", "value")),
    (BULK, Set("action", |_| json!("cancel")), Field("reason", "required")),
    (BULK, Set("reason", |_| json!("下雨了")), Field("reason", "value")),
    (TEMPLATE, Set("task.slots", |_| json!(0)), Field("task.slots", "range")),
    (TEMPLATE, Set("task.minutes", |_| json!(14)), Field("task.minutes", "range")),
    (TEMPLATE, Set("task.min_turnout", |_| json!(6)), Field("task.min_turnout", "range")),
    (TEMPLATE, Set("task.lead_id", |_| nobody()), Field("task.lead_id", "value")),
    (FROM_TEMPLATE, Set("org_id", |_| nobody()), Code(404, "not_found")),
    (FROM_TEMPLATE, Set("slots", |_| json!(501)), Field("slots", "range")),
    (SERIES, Set("rule", |_| json!("FREQ=HOURLY")), Field("rule", "value")),
    (SERIES, Set("rule", |_| json!("FREQ=DAILY;BYHOUR=9,10")), Field("rule", "value")),
    (SERIES, Set("rule", |_| json!("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")), Field("rule", "value")),
    (SERIES, Set("until", |ours| day(ours, -1)), Field("rule", "value")),
    (SERIES, Set("first", |ours| day(ours, 400)), Field("first", "time")),
    (SERIES, Set("publish_ahead_days", |_| json!(61)), Field("publish_ahead_days", "range")),
    (RESERIES, Set("rule", |_| json!("every saturday")), Field("rule", "value")),
    (SKIP, Set("date", |_| json!("2026-12-04")), Field("date", "value")),
    (SKIP, Set("date", |_| json!("morgen")), Field("date", "type")),
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
    (WAIT, Set("at_once", |_| json!("yes")), Field("at_once", "type")),
    (OFFER, Set("user_ids", |_| json!([])), Field("user_ids", "length")),
    (OFFER, Set("user_ids", |_| json!([nobody()])), Code(404, "not_found")),
    (OFFER, Set("user_ids", |_| json!("孙立")), Field("user_ids", "type")),
    (OFFER, Set("expires_at", |_| json!("2020-01-01T00:00:00+08:00")), Field("expires_at", "time")),
    (OFFER, Set("expires_at", |_| json!("2027-01-01T00:00:00+08:00")), Field("expires_at", "time")),
    (ASSIGN, Set("user_id", |_| nobody()), Code(404, "not_found")),
    (ASSIGN, Set("override", |_| json!("yes")), Field("override", "type")),
    (
        ASSIGN,
        Whole(|ours| json!({"user_id": ours.who("孙立").id, "override": true})),
        Field("reason", "required"),
    ),
    (HAND_OVER, Set("user_id", |_| nobody()), Field("user_id", "value")),
    (HAND_OVER, Set("user_id", |ours| json!(ours.who("李建国").id)), Field("user_id", "value")),
    (HAND_OVER, Set("user_id", |_| json!("孙立")), Field("user_id", "type")),
    (CHECK_IN, Whole(|_| json!({"lat": 2.9, "lng": 106.9})), Field("lat", "range")),
    (CHECK_IN, Whole(|_| json!({"lat": 27.7, "lng": 136.1})), Field("lng", "range")),
    (CHECK_IN, Set("proof", |_| json!("x".repeat(101))), Field("proof", "length")),
    (CHECK_IN, Set("taken_at", |_| json!("9 点")), Field("taken_at", "time")),
    (ROLL_CALL, Set("claim_ids", |_| json!([])), Field("claim_ids", "length")),
    (CONFIRM, Whole(|_| json!({"claims": [{"came": true}]})), Field("claims[0].id", "required")),
    (CONFIRM, Whole(|_| json!([])), Field("body", "type")),
    (WALK_IN, Whole(|_| json!({"phone": "1390000"})), Field("phone", "length")),
    (WALK_IN, Set("phone", |_| json!("13900001111")), Field("user_id", "required")),
    // 账本
    (CORRECT, Set("minutes", |_| json!(-1)), Field("minutes", "range")),
    (CORRECT, Set("minutes", |_| json!(61)), Field("minutes", "range")),
    (CORRECT, Set("minutes", |_| json!(60)), Field("minutes", "value")),
    (CORRECT, Set("minutes", |_| json!(10_081)), Field("minutes", "range")),
    (GIVE, Set("amount", |_| json!(0)), Field("amount", "range")),
    (GIVE, Set("amount", |_| json!(101)), Field("amount", "range")),
    (GIVE, Set("kind", |_| json!("gold")), Field("kind", "value")),
    (GIVE, Set("user_id", |_| nobody()), Code(404, "not_found")),
    (GIVE, Set("user_id", |ours| json!(ours.who("office").id)), Code(403, "second_person")),
    (RULES, Set("rules", |_| rule("base", "no_show", 1)), Field("rules[0].trigger", "value")),
    (RULES, Set("rules", |_| rule("deduction", "story", 1)), Field("rules[0].trigger", "value")),
    (RULES, Set("rules", |_| rule("base", "manual", 1)), Field("rules[0].trigger", "value")),
    (RULES, Set("rules", |_| rule("base", "lead", 101)), Field("rules[0].amount", "range")),
    (RULES, Set("rules", |_| rule("base", "lead", -1)), Field("rules[0].amount", "range")),
    (
        RULES,
        Set("rules", |_| json!(vec![rule("base", "lead", 1)[0].clone(); 2])),
        Field("rules[1].trigger", "value"),
    ),
    (
        RULES,
        Set("rules", |_| json!(vec![rule("base", "lead", 1)[0].clone(); 21])),
        Field("rules", "length"),
    ),
    (RULES, Set("rules", |_| days("2026-02-30", "2026-12-31")), Field("rules[0].from_on", "value")),
    (RULES, Set("rules", |_| days("2026-2-3", "2026-12-31")), Field("rules[0].from_on", "value")),
    (
        RULES,
        Set("rules", |_| days("2026-12-31", "2026-12-30")),
        Field("rules[0].until_on", "value"),
    ),
    // 晒单
    (
        STORY,
        Set("photo_ids", |_| many("00000000-0000-7000-8000-000000000001", 10)),
        Field("photo_ids", "length"),
    ),
    (STORY, Set("photo_ids", |_| json!(["x"])), Field("photo_ids[0]", "type")),
    (
        STORY,
        Set("shown", |_| many("00000000-0000-7000-8000-000000000001", 51)),
        Field("shown", "length"),
    ),
    (MEND, Set("photo_ids", |_| json!([nobody(), nobody()])), Field("photo_ids", "value")),
    (MEND, Set("photo_ids", |_| json!([nobody()])), Field("photo_ids", "value")),
    (MEND, Set("shown", |_| json!([nobody()])), Field("shown", "value")),
    (MEND, Set("resident_consents", |_| json!("yes")), Field("resident_consents", "type")),
    (CONSENT, Set("answer", |_| json!("perhaps")), Field("answer", "value")),
    // 个人信息
    (REVEAL, Set("reason", |_| json!("看看 ")), Field("reason", "length")),
    (REVEAL, Set("field", |_| json!("address")), Field("field", "value")),
    (AGREE, Set("purpose", |_| json!("everything")), Field("purpose", "value")),
    (AGREE, Set("version", |_| json!("")), Field("version", "length")),
    (AGREE, Set("version", |_| json!("2020-01")), Code(409, "consent.outdated")),
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
    (COMPLAIN, Set("org_id", |_| nobody()), Code(404, "not_found")),
    (COMPLAIN, Set("about", |_| json!("weather")), Field("about", "value")),
    (TRANSFER, Set("org_id", |_| nobody()), Code(404, "not_found")),
    (TRANSFER, Set("org_id", |ours| json!(ours.row("orgs", "community"))), Field("kind", "value")),
    (
        TRANSFER,
        Set("org_id", |ours| json!(ours.row("orgs", "second"))),
        Code(409, "membership.exists"),
    ),
    (CLASS, Set("class", |_| json!("king")), Field("class", "value")),
    (PARTY, Set("joined_on", |_| json!("2001-02-30")), Field("joined_on", "value")),
    (PARTY, Set("born_on", |_| json!("1980.1.1")), Field("born_on", "value")),
    (WISH_TEMPLATE, Set("fits", |_| json!("third")), Field("fits", "value")),
    (PARTY, Set("gender", |_| json!("x")), Field("gender", "value")),
    (SKILL, Set("expires_on", |_| json!("2027-6-30")), Field("expires_on", "value")),
    (FORBID, Set("setting", |_| json!("open_claims_max")), Field("setting", "value")),
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
    ("/loans?cursor=!!!", "cursor", "value"),
    ("/loans?org_id=x", "org_id", "value"),
    ("/loans?limit=101", "limit", "range"),
    ("/orgs/{org}/task-templates?limit=0", "limit", "range"),
    ("/orgs/{org}/task-series?cursor=!!!", "cursor", "value"),
    ("/requests?order=oldest", "order", "value"),
    ("/requests?level=late", "level", "value"),
    ("/requests?order=pressing&cursor=AAAAAAAAAAAAAAAAAAAAAA", "cursor", "value"),
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
    ("/rankings?period=2026-13", "period", "value"),
    ("/rankings?period=2026-11-01", "period", "length"),
    ("/rankings?by=stars", "by", "value"),
    ("/rankings?level=city", "level", "value"),
    ("/hours/corrections?state=bogus", "state", "value"),
    ("/me/points?limit=0", "limit", "range"),
    ("/me/stars?limit=0", "limit", "range"),
    ("/orgs?parent_id=x", "parent_id", "value"),
    ("/orgs?q=", "q", "length"),
    ("/orgs?q=%20", "q", "value"),
    ("/orgs?q=%00", "q", "value"),
    ("/stories?state=bogus", "state", "value"),
    ("/stories?org_id=0", "org_id", "value"),
    ("/orgs/{org}/members?state=bogus", "state", "value"),
    ("/orgs/{org}/members?class=king", "class", "value"),
    ("/orgs/{org}/members?q=", "q", "length"),
    ("/orgs/{org}/imports?limit=0", "limit", "range"),
    ("/orgs/{org}/skills/expiring?within_days=0", "within_days", "range"),
    ("/complaints?state=bogus", "state", "value"),
    ("/orgs/{org}/jobs?state=bogus", "state", "value"),
    ("/orgs/{org}/jobs?job=", "job", "length"),
    ("/orgs/{org}/jobs?limit=0", "limit", "range"),
    ("/orgs/{org}/theme-days?month=2026-13", "month", "value"),
    ("/orgs/{org}/theme-days?limit=0", "limit", "range"),
    ("/orgs/{org}/content?state=bogus", "state", "value"),
    ("/subscriptions/prompt?at=night", "at", "value"),
    ("/orgs/{org}/reach?template=poem", "template", "value"),
    ("/orgs/{org}/pushes?state=lost", "state", "value"),
    ("/orgs/{org}/pushes?limit=0", "limit", "range"),
    ("/orgs/{org}/call-list?limit=0", "limit", "range"),
    ("/orgs/{org}/members?limit=0", "limit", "range"),
];
