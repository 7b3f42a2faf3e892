//! Indexes that hot statements stand on, and those that guard.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, TransactionTrait};

use super::fill;
use crate::helpers::{TestApp, dump::texts};

/// How the database means to carry a statement out, in its own words.
async fn plan(db: &DatabaseConnection, sql: &str, index: &str) -> String {
    if db.get_database_backend() == DbBackend::Postgres {
        // Tables as small as a test's are read whole; asked not to, it tells whether it could do better.
        let tx = db.begin().await.unwrap();
        tx.execute_unprepared("SET LOCAL enable_seqscan = off").await.unwrap();
        let plan = texts(&tx, &format!("EXPLAIN {sql}")).await.join("\n");
        if plan.contains(index) {
            return plan;
        }
        // Of empty tables all indexes cost the same, and it takes any: without the others it has to show this one.
        let others = format!(
            "SELECT other.relname::text FROM pg_class wanted \
             JOIN pg_index mine ON mine.indexrelid = wanted.oid \
             JOIN pg_index theirs ON theirs.indrelid = mine.indrelid AND theirs.indexrelid <> wanted.oid \
             JOIN pg_class other ON other.oid = theirs.indexrelid \
             WHERE wanted.relname = '{index}' AND NOT theirs.indisunique"
        );
        for other in texts(&tx, &others).await {
            tx.execute_unprepared(&format!("DROP INDEX {other}")).await.unwrap();
        }
        return texts(&tx, &format!("EXPLAIN {sql}")).await.join("\n");
    }
    let asked = Statement::from_string(DbBackend::Sqlite, format!("EXPLAIN QUERY PLAN {sql}"));
    let rows = db.query_all_raw(asked).await.unwrap();
    let lines: Vec<String> = rows.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
    lines.join("\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hot_statements_find_their_indexes() {
    let app = TestApp::spawn().await;
    let db = app.state.db.read();
    let id = "'00000000-0000-0000-0000-000000000001'";
    let sqlite = db.get_database_backend() == DbBackend::Sqlite;
    for (sql, index) in [
        (
            format!(
                "SELECT id FROM task WHERE ring_org_id = {id} AND state = 'open' AND claim_until > 5"
            ),
            "ix_task_ring_org_id_state_claim_until",
        ),
        ("SELECT id FROM task WHERE updated_at >= 5".into(), "ix_task_updated_at"),
        (
            "SELECT id FROM task WHERE state = 'open' AND escalate_at <= 5".into(),
            "ix_task_state_escalate_at",
        ),
        (
            "SELECT id FROM task WHERE state = 'open' AND wave_at <= 5 ORDER BY wave_at".into(),
            "ix_task_state_wave_at",
        ),
        (
            format!("SELECT id FROM ask WHERE task_id = {id} AND person_id = {id}"),
            "ix_ask_task_id_person_id",
        ),
        (
            format!("SELECT id FROM ask WHERE person_id = {id} AND asked_at > 5"),
            "ix_ask_person_id_asked_at",
        ),
        (
            format!("SELECT org_id FROM membership WHERE person_id = {id} AND state IN ('a', 'b')"),
            "ix_membership_person_id_state",
        ),
        (format!("SELECT id FROM answer WHERE task_id = {id}"), "ix_answer_task_id"),
        (
            format!("SELECT person_id FROM wechat_identity WHERE person_id IN ({id}, {id}) AND app_id = 'wx'"),
            "ix_wechat_identity_person_id_app_id",
        ),
        (
            format!("SELECT id FROM task WHERE category_id = {id} AND state = 'open'"),
            "ix_task_category_id",
        ),
        ("SELECT file_id FROM file_use WHERE created_at >= 5".into(), "ix_file_use_created_at"),
        ("SELECT id FROM media_check WHERE trace_id = 'a'".into(), "ix_media_check_trace_id"),
        (
            "SELECT id FROM media_check WHERE state = 'pending' AND asked_at < 5".into(),
            "ix_media_check_state_asked_at",
        ),
        (
            format!(
                "SELECT id FROM media_check WHERE object_id = {id}"
            ),
            "ix_media_check_object_id_object_version",
        ),
        (
            format!(
                "SELECT proposed_by FROM hours_correction WHERE person_id = {id} \
                 AND claim_id = {id} AND decided_at <= 5"
            ),
            "ix_hours_correction_person_id_id",
        ),
        (
            "SELECT id FROM task WHERE state = 'open' AND starts_at > 5 AND starts_at <= 9".into(),
            "ix_task_starts_at_state",
        ),
        (
            "SELECT id FROM event WHERE kind = 'request.fulfilled' AND at > 5 AND at <= 9".into(),
            "ix_event_kind_at",
        ),
        (
            "SELECT org_id, due_at FROM request WHERE due_at <= 5".into(),
            "ix_request_due_at",
        ),
        (
            "SELECT id FROM schedule_run WHERE ended_at IS NULL AND lease_until <= 5 \
             ORDER BY lease_until LIMIT 1"
                .into(),
            "ix_schedule_run_lease_until",
        ),
        (
            format!("SELECT id FROM schedule_run WHERE org_id = {id} ORDER BY id DESC LIMIT 21"),
            "ix_schedule_run_org_id_id",
        ),
        (
            "SELECT id FROM schedule_run WHERE job_key = 'a' ORDER BY id DESC LIMIT 50".into(),
            "ix_schedule_run_job_key_id",
        ),
        (
            "SELECT id FROM task WHERE state = 'open' AND short_at IS NULL AND claim_until <= 5".into(),
            "ix_task_state_claim_until",
        ),
        (
            format!("SELECT task_id FROM task_person WHERE person_id = {id}"),
            "ix_task_person_person_id",
        ),
        (
            format!("SELECT task_id FROM task_loan WHERE org_id = {id} AND state = 'accepted'"),
            "ix_task_loan_org_id_state",
        ),
        (
            "SELECT id FROM task_series WHERE paused = FALSE AND seen_on < '2026-11-22'".into(),
            "ix_task_series_paused_seen_on",
        ),
        (
            format!(
                "SELECT id FROM claim WHERE task_id = {id} AND person_id = {id} \
                 AND state NOT IN ('released', 'cancelled')"
            ),
            "ix_claim_task_id_person_id",
        ),
        (
            format!("SELECT id FROM claim WHERE person_id = {id} ORDER BY id DESC LIMIT 21"),
            "ix_claim_person_id",
        ),
        (
            format!(
                "SELECT id FROM waitlist WHERE task_id = {id} AND state = 'waiting' ORDER BY id LIMIT 1"
            ),
            "ix_waitlist_task_id_state_id",
        ),
        (
            format!(
                "SELECT id FROM offer WHERE task_id = {id} AND person_id = {id} AND state = 'live'"
            ),
            "ix_offer_task_id_person_id",
        ),
        (
            "SELECT id FROM offer WHERE state = 'live' AND expires_at <= 5 ORDER BY expires_at"
                .into(),
            "ix_offer_state_expires_at",
        ),
        (
            "SELECT id FROM claim WHERE reconfirm_by <= 5 AND state = 'active' ORDER BY reconfirm_by".into(),
            "ix_claim_reconfirm_by",
        ),
        (
            format!("SELECT missed_at FROM absence WHERE person_id = {id} AND missed_at > 5"),
            "ix_absence_person_id_missed_at",
        ),
        (
            format!("SELECT id FROM theme_day WHERE org_id = {id} ORDER BY id DESC LIMIT 21"),
            "ix_theme_day_org_id_id",
        ),
        (
            "SELECT id FROM theme_day WHERE state = 'planned' AND starts_at > 5 AND starts_at <= 9".into(),
            "ix_theme_day_state_starts_at",
        ),
        (
            "SELECT id FROM theme_day WHERE month IN ('2026-10', '2026-11')".into(),
            "ix_theme_day_month_org_id",
        ),
        (
            format!(
                "SELECT id FROM theme_day_person WHERE theme_day_id = {id} AND person_id IN ({id})"
            ),
            "ix_theme_day_person_theme_day_id_person_id",
        ),
        (
            "SELECT id FROM calendar_feed WHERE token_hash = 'x'".into(),
            "ix_calendar_feed_token_hash",
        ),
        (
            format!(
                "SELECT person_id FROM membership WHERE org_id = {id} AND kind = 'home_branch' \
                 AND state = 'confirmed' AND person_id > {id} ORDER BY person_id LIMIT 200"
            ),
            // Where nobody is a member yet, PostgreSQL finds this one as cheap.
            if sqlite { "ix_membership_org_id_kind_state_person_id" } else { "ix_membership_person_id_kind" },
        ),
        ("SELECT task_id FROM claim WHERE state = 'checked_in'".into(), "ix_claim_task_id_state"),
        (
            "SELECT id FROM task WHERE state = 'reported' ORDER BY reported_at".into(),
            "ix_task_state_reported_at",
        ),
        (
            "SELECT id FROM event WHERE handled_at IS NULL ORDER BY id LIMIT 200".into(),
            "ix_event_handled_at_id",
        ),
        (
            format!("SELECT id FROM push WHERE org_id = {id} AND state = 'dead' ORDER BY id DESC LIMIT 21"),
            "ix_push_org_id_state_id",
        ),
        (
            format!(
                "SELECT id FROM subscribe_event WHERE person_id = {id} AND template_id = 'x' AND at > 5"
            ),
            "ix_subscribe_event_person_id_template_id_at",
        ),
        (
            format!(
                "SELECT template_id, sum(change) FROM subscribe_event WHERE person_id = {id} \
                 AND at > 5 GROUP BY template_id"
            ),
            "ix_subscribe_event_person_id_template_id_at",
        ),
        (
            format!(
                "SELECT id FROM push WHERE org_id = {id} AND urgent = TRUE \
                 AND state IN ('refused', 'dead', 'unknown') AND useful_until > 5"
            ),
            "ix_push_org_id_urgent_state_useful_until",
        ),
        (
            format!("SELECT 1 FROM session WHERE person_id = {id} AND expires_at - life_ms > 5"),
            "ix_session_person_id",
        ),
        ("SELECT 1 FROM notice WHERE dedup_key = 'x' AND read_at IS NOT NULL".into(), "ix_notice_dedup_key"),
        (
            format!(
                "SELECT id FROM push WHERE person_id = {id} AND template = 'x' AND updated_at > 5 ORDER BY id"
            ),
            "ix_push_person_id_id",
        ),
        (
            format!("SELECT balance FROM subscribe_grant WHERE template_id = 'x' AND person_id IN ({id})"),
            "subscribe_grant",
        ),
        ("SELECT id FROM org WHERE path >= 'a/' AND path < 'a0'".into(), "ix_org_path"),
        ("SELECT id FROM person WHERE phone_index = 'x'".into(), "ix_person_phone_index"),
        (
            format!("SELECT id FROM role_grant WHERE person_id = {id} AND revoked_at IS NULL"),
            "ix_role_grant",
        ),
        (
            format!("SELECT sum(minutes) FROM hours_entry WHERE claim_id = {id}"),
            "ix_hours_entry_claim_id",
        ),
        (
            format!(
                "SELECT sum(minutes) FROM hours_entry WHERE person_id = {id} AND period = '2026-11'"
            ),
            "ix_hours_entry_person_id_period",
        ),
        (
            format!(
                "SELECT sum(amount) FROM points_entry WHERE person_id = {id} AND period = '2026-11'"
            ),
            "ix_points_entry_person_id_period",
        ),
        (
            format!("SELECT id FROM points_freeze WHERE org_id = {id} AND period = '2026-11'"),
            "ix_points_freeze_org_id_period",
        ),
        (
            "SELECT period, org_id FROM points_entry WHERE period <= '2026-11' \
             ORDER BY period, org_id LIMIT 1"
                .into(),
            "ix_points_entry_period_org_id",
        ),
        (
            format!("SELECT id FROM star_rating WHERE person_id = {id} ORDER BY id DESC LIMIT 21"),
            "ix_star_rating_person_id_id",
        ),
        (format!("SELECT id FROM star_appeal WHERE rating_id = {id}"), "ix_star_appeal_rating_id"),
        (
            format!("SELECT id FROM points_entry WHERE person_id = {id} ORDER BY id DESC LIMIT 21"),
            "ix_points_entry_person_id",
        ),
        (
            format!(
                "SELECT id FROM hours_correction WHERE org_id = {id} AND state = 'pending' \
                 ORDER BY id DESC"
            ),
            "ix_hours_correction_org_id_state_id",
        ),
        (
            "SELECT id FROM service_certificate WHERE code = 'x'".into(),
            "ix_service_certificate_code",
        ),
        (
            format!("SELECT id FROM event WHERE request_id = {id} ORDER BY id"),
            "ix_event_request_id_id",
        ),
        (
            format!(
                "SELECT file_id FROM file_use WHERE kind = 'story' AND owner_id = {id} ORDER BY place"
            ),
            "ix_file_use_kind_owner_id_place",
        ),
        (
            format!("SELECT story_id FROM story_person WHERE person_id = {id}"),
            "ix_story_person_person_id_story_id",
        ),
        (
            format!("SELECT count(*) FROM file WHERE person_id = {id} AND created_at >= 5"),
            "ix_file_person_id_created_at",
        ),
        (
            format!(
                "SELECT id FROM consent WHERE person_id = {id} AND purpose = 'photo' \
                 AND withdrawn_at IS NULL"
            ),
            "ix_consent_person_id",
        ),
        (format!("SELECT seq FROM audit_entry WHERE actor_id = {id}"), "ix_audit_entry_actor_id"),
        (
            format!(
                "SELECT id FROM request WHERE org_id = {id} AND state = 'submitted' ORDER BY id DESC"
            ),
            "ix_request_org_id_state_id",
        ),
        (
            "SELECT id FROM request WHERE closes_at <= 5 ORDER BY closes_at LIMIT 100".into(),
            "ix_request_closes_at",
        ),
        (
            format!("SELECT id FROM request WHERE merged_into = {id}"),
            "ix_request_merged_into",
        ),
        (
            "SELECT request_id FROM beneficiary WHERE phone_index = 'x' ORDER BY request_id DESC LIMIT 200"
                .into(),
            "ix_beneficiary_phone_index_request_id",
        ),
        (
            format!(
                "SELECT id FROM membership WHERE org_id = {id} AND state = 'confirmed' \
                 AND class = 'elder'"
            ),
            "ix_membership_org_id_state",
        ),
        (
            format!(
                "SELECT id FROM membership WHERE person_id IN ({id}) \
                 AND state IN ('pending', 'confirmed')"
            ),
            "ix_membership_person_id",
        ),
        (
            format!("SELECT facts FROM party_record WHERE person_id = {id}"),
            // Its primary key, as each database calls it.
            if sqlite { "sqlite_autoindex_party_record_1" } else { "party_record_pkey" },
        ),
        (
            "SELECT person_id FROM party_record WHERE joined_index IN ('x', 'y')".into(),
            "ix_party_record_joined_index",
        ),
        (
            "SELECT person_id FROM party_record WHERE full_index IN ('x', 'y')".into(),
            "ix_party_record_full_index",
        ),
        (
            "SELECT person_id FROM party_record WHERE indexed_at IS NULL OR indexed_at < updated_at \
             ORDER BY person_id LIMIT 200"
                .into(),
            "ix_party_record_person_id",
        ),
        (
            format!("SELECT id FROM birthday_wish WHERE person_id = {id} AND year = 2026"),
            "ix_birthday_wish_person_id_year_author_id",
        ),
        (
            format!("SELECT id FROM birthday_wish WHERE author_id = {id}"),
            "ix_birthday_wish_author_id",
        ),
        (
            format!("SELECT id FROM wish_template WHERE org_id IN ({id}) ORDER BY id"),
            "ix_wish_template_org_id_id",
        ),
        (
            format!("SELECT told_id FROM birthday_named WHERE person_id = {id}"),
            "ix_birthday_named_person_id",
        ),
        (
            "SELECT person_id FROM person_skill WHERE expires_at > 5 AND expires_at <= 9".into(),
            "ix_person_skill_expires_at",
        ),
        (
            format!("SELECT id FROM certificate WHERE person_id = {id} AND skill = '急救'"),
            "ix_certificate_person_id_skill",
        ),
        (
            format!("SELECT id FROM roster_import WHERE org_id = {id} ORDER BY id DESC LIMIT 21"),
            "ix_roster_import_org_id_id",
        ),
        (
            "SELECT count(*) FROM roster_import WHERE state = 'done' AND dry_run = FALSE".into(),
            "ix_roster_import_state_dry_run",
        ),
        (
            format!(
                "SELECT id FROM complaint WHERE above_org_id = {id} AND state = 'open' \
                 ORDER BY id DESC LIMIT 21"
            ),
            "ix_complaint_above_org_id_state_id",
        ),
        (
            format!(
                "SELECT subject_id, state FROM content_check WHERE subject_id IN ({id}) \
                 AND state IN ('pending', 'refused')"
            ),
            "ix_content_check_subject_id_state",
        ),
        (
            format!(
                "SELECT id FROM content_check WHERE org_id = {id} AND state = 'pending' \
                 ORDER BY id DESC LIMIT 21"
            ),
            "ix_content_check_org_id_state_id",
        ),
        (
            format!("SELECT id FROM complaint WHERE person_id = {id} ORDER BY id DESC LIMIT 21"),
            "ix_complaint_person_id_id",
        ),
        (
            "SELECT id FROM wechat_push WHERE handled_at IS NULL AND due_at <= 5 AND attempts < 12 \
             ORDER BY due_at, id LIMIT 100"
                .into(),
            "ix_wechat_push_handled_at_due_at",
        ),
        (
            "DELETE FROM wechat_push WHERE handled_at < 5".into(),
            "ix_wechat_push_handled_at_due_at",
        ),
        (
            format!("SELECT id FROM category WHERE org_id IN ({id})"),
            "ix_category_org_id_name",
        ),
    ] {
        let plan = plan(db, &sql, index).await;
        assert!(plan.contains(index), "{sql}\ndoes not use {index}:\n{plan}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_to_be_told_is_found_without_reading_what_waits_behind_it() {
    let app = TestApp::spawn().await;
    let db = app.state.db.read();
    let sqlite = db.get_database_backend() == DbBackend::Sqlite;
    let id = "'00000000-0000-0000-0000-000000000001'";
    for (sql, index) in [
        (include_str!("../../../src/notify/push/heads.sql").into(), "ix_push_lane_org_id_next_at_id"),
        (
            format!(
                "SELECT * FROM (SELECT id FROM push WHERE state IN ('pending', 'retry') AND lane = 3 \
                 AND org_id = {id} AND next_at <= 5 AND NOT EXISTS (SELECT 1 FROM push AS way \
                 WHERE way.person_id = push.person_id AND way.state = 'sending') \
                 ORDER BY next_at, id LIMIT 64) AS arm2"
            ),
            "ix_push_lane_org_id_next_at_id",
        ),
        (
            "SELECT event_id FROM telling WHERE ended_at IS NULL AND attempts < 20 AND due_at <= 5 \
             ORDER BY lane, due_at, event_id LIMIT 1"
                .into(),
            "ix_telling_lane_due_at_event_id",
        ),
        (
            format!("SELECT event_id FROM telling WHERE subject_id = {id} AND event_id > {id} LIMIT 1"),
            "ix_telling_subject_id_event_id",
        ),
        (
            "SELECT id FROM push WHERE state = 'sending' AND lease_until <= 5".into(),
            "ix_push_lease_until",
        ),
    ] {
        let plan = plan(db, &sql, index).await;
        assert!(plan.contains(index), "{sql}\ndoes not use {index}:\n{plan}");
        // The first of an index may be read without looking for it; the table itself may not.
        let reads_all = |line: &str| line.contains("SCAN push") && !line.contains("USING INDEX");
        assert!(!plan.contains("Seq Scan on push") && !plan.lines().any(reads_all), "{plan}");
        // The next org is looked for, not met on the way through all messages of its lane.
        let (here, next) = ("SEARCH beside USING", "(lane=? AND org_id>?)");
        let stepped = |line: &str| line.contains(here) && line.contains(next);
        assert!(!plan.contains("beside") || !sqlite || plan.lines().any(stepped), "{plan}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_itself_refuses_a_second_seat_and_one_seat_too_many() {
    let app = TestApp::spawn().await;
    let db = app.state.db.read();
    for table in ["org", "person", "request", "task", "claim"] {
        fill::one_row(db, table, 7).await;
    }
    let refused = async |sql: &str| db.execute_unprepared(sql).await.is_err();
    let again = |state: &str| {
        let fresh = match db.get_database_backend() {
            DbBackend::Postgres => "gen_random_uuid()",
            _ => "randomblob(16)",
        };
        format!(
            "INSERT INTO claim (id, task_id, person_id, state, claimed_at, flagged, updated_at) \
             SELECT {fresh}, task_id, person_id, '{state}', 1, flagged, 1 FROM claim LIMIT 1"
        )
    };
    assert!(refused(&again("active")).await, "two seats of one task");
    assert!(refused(&again("no_show")).await, "a seat missed is a seat held");
    assert!(!refused(&again("released")).await && !refused(&again("cancelled")).await);
    assert!(refused("UPDATE task SET used = slots + 1").await, "one more than there are");
    assert!(refused("UPDATE task SET used = slots, held = 1").await);
    assert!(
        refused("UPDATE task SET used = -1").await && refused("UPDATE task SET held = -1").await
    );
    assert!(refused("UPDATE task SET state = 'done'").await, "no such state");
    assert!(!refused("UPDATE task SET used = slots").await);
    assert_eq!(texts(db, "SELECT state FROM claim ORDER BY state").await.len(), 3);
}
