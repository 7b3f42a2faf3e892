//! The list of `privacy::traces` against the schema: a column that may name a person, or hold words of one, and of
//! which nobody has said what becomes of it, fails here.

use std::{collections::BTreeSet, fs, path::PathBuf};

use linli::privacy::{SEALED, traces};
use sea_orm::DbBackend;

use crate::helpers::{TestApp, dump};

/// Ids that never name a person: of rows, of orgs, of tasks …
const THINGS: &[&str] = &[
    "id",
    "org_id",
    "parent_id",
    "ring_org_id",
    "request_id",
    "task_id",
    "wave_id",
    "claim_id",
    "above_org_id",
    "membership.moved_from",
    "file_id",
    "media_check.object_id",
    "category_id",
    "story_id",
    "theme_day_id",
    "series_id",
    "rule_id",
    "freeze_id",
    "rating_id",
    "source_id",
    "request.merged_into",
    "subscribe_event.pair_of",
    "event.subject_id",
    // Tasks and requests; of a birthday the branch.
    "schedule_run.subject_id",
    // Theme days, and the facts about them.
    "telling.event_id",
    "telling.subject_id",
    // Requests, tasks and stories.
    "file_use.owner_id",
    // Told to others of somebody.
    "birthday_named.told_id",
];

/// Texts that hold nothing of a person's: states and kinds, names of orgs and things, hashes, codes. A text that a
/// person types about people does not belong here: seal it, and say in `privacy::traces` what becomes of it.
const PLAIN: &[&str] = &[
    "absence.appeal_ruling",
    "absence.ruling",
    "answer.verdict",
    "audit_entry.action",
    "audit_entry.hash",
    "audit_entry.prev",
    "audit_entry.why_digest",
    "audit_head.hash",
    "calendar_feed.token_hash",
    "category.insurance_note",
    "category.name",
    "claim.came_by",
    "claim.state",
    "complaint.about",
    "complaint.state",
    "consent.evidence",
    "consent.purpose",
    "consent.version",
    "content_check.kind",
    "content_check.state",
    "content_check.suggest",
    "content_check.trace_id",
    // A keyed hash.
    "content_check.version",
    "credential.password_hash",
    "credential.username",
    "draw_entry.receipt",
    "event.kind",
    "file.digest",
    "file.name",
    "file_use.kind",
    "holiday.date",
    "holiday.kind",
    "holiday.name",
    "hours_correction.served_on",
    "hours_correction.state",
    "hours_entry.kind",
    "hours_entry.period",
    "hours_entry.served_on",
    "idempotency_key.body_hash",
    "idempotency_key.key",
    "idempotency_key.route",
    "media_check.object_version",
    "media_check.state",
    "media_check.suggest",
    "media_check.trace_id",
    "media_verdict.suggest",
    "media_verdict.trace_id",
    "membership.class",
    "membership.kind",
    "offer.kind",
    "offer.state",
    "org.code",
    "org.kind",
    "org.name",
    "org.path",
    "message_template.fault",
    "message_template.template_id",
    "message_template.title",
    "org_setting.key",
    "push.call_outcome",
    "push.dedup_key",
    "push.kind",
    "push.last_class",
    "push.msg_id",
    "push.page",
    "push.state",
    "push.template",
    "subscribe_event.event_key",
    "subscribe_event.source",
    "subscribe_event.status",
    "subscribe_event.template_id",
    "subscribe_grant.last_status",
    "subscribe_grant.template_id",
    "person_skill.skill",
    "points_entry.corrects",
    "points_entry.kind",
    "points_entry.occurred_on",
    "points_entry.period",
    "points_entry.trigger",
    "points_freeze.period",
    "points_frozen.kind",
    "points_proposal.kind",
    "points_proposal.state",
    "points_rule.from_on",
    "points_rule.kind",
    "points_rule.trigger",
    "points_rule.until_on",
    "request.category",
    "request.state",
    "role_grant.org_path",
    "role_grant.role",
    "roster_import.state",
    "schedule.job_key",
    "schedule.late_policy",
    "schedule.spec",
    "schedule.tz",
    "schedule.words",
    // Where a job's next chunk begins: an id.
    "schedule_run.cursor",
    "schedule_run.job_key",
    // Dates, and ids of tasks, requests and orgs.
    "schedule_run.period_key",
    "schedule_run.skipped_reason",
    "schedule_run.state",
    "service_certificate.code",
    "session.previous_hash",
    "session.token_hash",
    "sign_in_try.name_index",
    "star_appeal.state",
    "star_rating.period",
    "story_person.consent",
    "task.check_in_code",
    "task.draw_commitment",
    "task.draw_digest",
    "task.first_ring",
    "task.last_ring",
    "task.ring",
    "task.state",
    "task_loan.state",
    "task_occurrence.on_day",
    "task_series.rule",
    "task_series.seen_on",
    "task_series.trouble",
    "task_template.name",
    // Where the next chunk begins: ids.
    "telling.cursor",
    "telling.kind",
    "theme_day.check_in_code",
    "theme_day.month",
    "theme_day.state",
    "theme_day_person.answer",
    "theme_day_person.came_by",
    "theme_day_rule.kind",
    "waitlist.state",
    "wechat_identity.app_id",
    "wechat_identity.openid",
    // What was told is sealed and erased as soon as it was seen to.
    "wechat_push.body",
    "wechat_push.digest",
    "wechat_push.kind",
    "wish_template.fits",
];

/// Sealed words of an org about its own plans and what it did: no one person's, they stay.
const PLANS: &[&str] = &[
    "task.draw_seed",
    "task_series.outline",
    "task_template.outline",
    "theme_day.outline",
    "theme_day.reason",
    "theme_day.record",
    "theme_day_rule.outline",
    "theme_day_rule.paused_reason",
    "wish_template.words",
];

/// `table.column` of each column, and whether it holds ids.
async fn columns(app: &TestApp) -> Vec<(String, bool)> {
    let db = app.state.db.read();
    let mut all = Vec::new();
    for table in dump::tables(db).await {
        let sql = match db.get_database_backend() {
            DbBackend::Postgres => format!(
                "SELECT column_name || ' ' || data_type FROM information_schema.columns \
                 WHERE table_schema = 'public' AND table_name = '{table}'"
            ),
            _ => format!("SELECT name || ' ' || lower(type) FROM pragma_table_info('{table}')"),
        };
        for line in dump::texts(db, &sql).await {
            let (name, kind) = line.split_once(' ').unwrap();
            match kind {
                "uuid" | "uuid_text" | "blob" => all.push((format!("{table}.{name}"), true)),
                "text" | "varchar" | "character varying" => {
                    all.push((format!("{table}.{name}"), false));
                }
                _ => {}
            }
        }
    }
    assert!(all.len() > 60, "these are not all columns: {all:?}");
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_every_column_it_is_said_what_becomes_of_it_when_somebody_leaves() {
    let app = TestApp::spawn().await;
    let traces = traces();
    let named: BTreeSet<_> =
        traces.iter().map(|trace| format!("{}.{}", trace.table, trace.column)).collect();
    let gone: BTreeSet<_> = traces
        .iter()
        .filter(|trace| format!("{:?}", trace.fate) == "Goes")
        .map(|trace| trace.table.clone())
        .collect();
    let blanked: BTreeSet<_> = traces
        .iter()
        .flat_map(|trace| trace.blanks.iter().map(|(name, _)| format!("{}.{name}", trace.table)))
        .collect();
    let mut open = Vec::new();
    for (full, is_id) in columns(&app).await {
        let (table, bare) = full.split_once('.').unwrap();
        let said = if is_id {
            THINGS.contains(&bare) || THINGS.contains(&full.as_str()) || named.contains(&full)
        } else {
            PLAIN.contains(&full.as_str())
                || PLANS.contains(&full.as_str())
                || blanked.contains(&full)
                || gone.contains(table)
        };
        if !said {
            open.push(full);
        }
    }
    assert!(open.is_empty(), "src/privacy/model.rs: what becomes of these? {open:#?}");
}

#[test]
fn every_sealed_column_is_in_the_list() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("entity/src");
    let mut found = BTreeSet::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let source = fs::read_to_string(&path).unwrap();
        let table = source.split("table_name = \"").nth(1).and_then(|rest| rest.split('"').next());
        let Some(table) = table else { continue };
        for line in source.lines().filter_map(|line| line.trim().strip_prefix("pub ")) {
            let Some((name, kind)) = line.split_once(": ") else { continue };
            if kind.contains("Sealed") {
                found.insert((table.to_owned(), name.to_owned()));
            }
        }
    }
    let listed: BTreeSet<_> =
        SEALED.iter().map(|(table, name, _)| ((*table).to_owned(), (*name).to_owned())).collect();
    assert_eq!(listed, found, "src/privacy/model.rs: SEALED");
}
