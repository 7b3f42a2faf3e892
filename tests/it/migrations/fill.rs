//! A row for any table, made from what the database itself says of its columns.
//!
//! All ids of one step are the same, so whatever refers to another row finds the one of its step.

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, Statement, Value,
    sea_query::{Alias, Expr, Query},
};
use uuid::Uuid;

use crate::helpers::dump::texts;

/// Columns that take one of a closed list, and numbers that stand in a relation.
const FITTING: &[(&str, &str)] = &[
    ("absence.appeal_ruling", "accepted"),
    ("absence.ruling", "refused"),
    ("answer.verdict", "done"),
    ("ask.answer", "waiting"),
    ("claim.came_by", "code"),
    ("claim.state", "active"),
    ("complaint.about", "burden"),
    ("complaint.state", "open"),
    ("schedule.late_policy", "skip"),
    ("schedule_run.state", "waiting"),
    ("content_check.kind", "request"),
    ("content_check.state", "pending"),
    ("file_use.kind", "report"),
    ("hours_correction.state", "pending"),
    ("holiday.kind", "off"),
    ("hours_entry.kind", "service"),
    ("media_check.state", "pending"),
    ("membership.class", "elder"),
    ("membership.kind", "residence"),
    ("membership.state", "confirmed"),
    ("offer.kind", "waitlist"),
    ("offer.state", "live"),
    ("org.kind", "street"),
    ("push.call_outcome", "reached"),
    ("push.state", "pending"),
    ("subscribe_event.source", "client"),
    ("points_entry.kind", "base"),
    ("points_entry.trigger", "lead"),
    ("points_frozen.kind", "base"),
    ("points_proposal.kind", "base"),
    ("points_proposal.state", "pending"),
    ("points_rule.kind", "base"),
    ("points_rule.trigger", "lead"),
    ("request.state", "submitted"),
    ("role_grant.role", "dispatcher"),
    ("roster_import.state", "done"),
    ("star_appeal.state", "pending"),
    ("story.state", "draft"),
    ("story_person.consent", "asked"),
    ("task.ends_at", "2"),
    ("task.first_ring", "community"),
    ("task.held", "0"),
    ("task.last_ring", "street"),
    ("task.ring", "community"),
    ("task.state", "open"),
    ("task.used", "0"),
    ("theme_day.state", "planned"),
    ("theme_day_person.answer", "yes"),
    ("theme_day_person.came_by", "code"),
    ("theme_day_rule.kind", "date"),
    ("waitlist.state", "waiting"),
    ("task.keep_lead", "0"),
    ("task.keep_new", "0"),
    ("task_loan.state", "pending"),
    ("wish_template.fits", "fifth"),
];

/// Numbers that are a key: each step has its own, beside those the change itself put there.
const COUNTED: &[&str] = &["audit_entry.seq", "audit_head.id", "audit_words.seq"];

/// Name and type of each column that is not derived from others; SQLite leaves those out by itself.
async fn columns(db: &DatabaseConnection, table: &str) -> Vec<(String, String)> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => format!(
            "SELECT column_name || ' ' || data_type FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name = '{table}' AND is_generated = 'NEVER' ORDER BY ordinal_position"
        ),
        _ => format!("SELECT name || ' ' || lower(type) FROM pragma_table_info('{table}')"),
    };
    let lines = texts(db, &sql).await;
    let split = |line: &String| line.split_once(' ').map(|(a, b)| (a.to_owned(), b.to_owned()));
    lines.iter().map(|line| split(line).unwrap()).collect()
}

fn value(table: &str, column: &str, kind: &str, step: usize) -> Value {
    let full = format!("{table}.{column}");
    let fitting = FITTING.iter().find(|(name, _)| *name == full).map(|(_, value)| *value);
    let counted = COUNTED.contains(&full.as_str());
    let usual = if counted { i64::try_from(step).unwrap() + 1 } else { 1 };
    let number = || fitting.map_or(usual, |text| text.parse().unwrap());
    match kind {
        "uuid" | "uuid_text" | "blob" => Uuid::from_u128(step as u128).into(),
        "text" | "varchar" | "character varying" => {
            fitting.map_or_else(|| format!("{column} {step}"), str::to_owned).into()
        }
        "integer" => i32::into(i32::try_from(number()).unwrap()),
        "bigint" => i64::into(number()),
        "boolean" => false.into(),
        "double" | "double precision" | "real" => 27.7.into(),
        "jsonb" | "jsonb_text" | "json_text" => serde_json::json!([]).into(),
        other => panic!("{full} is a {other}: say here what to fill it with"),
    }
}

/// Inserts one row, every column filled.
pub async fn one_row(db: &DatabaseConnection, table: &str, step: usize) {
    let (names, values): (Vec<_>, Vec<_>) = columns(db, table)
        .await
        .into_iter()
        .map(|(name, kind)| {
            let value = value(table, &name, &kind, step);
            (Alias::new(name), Expr::value(value))
        })
        .unzip();
    let mut insert = Query::insert();
    insert.into_table(Alias::new(table)).columns(names).values(values).unwrap();
    let backend = db.get_database_backend();
    let (sql, values) = match backend {
        DbBackend::Postgres => insert.build(sea_orm::sea_query::PostgresQueryBuilder),
        _ => insert.build(sea_orm::sea_query::SqliteQueryBuilder),
    };
    let done = db.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await;
    done.unwrap_or_else(|error| panic!("a row for {table} in step {step}: {error}"));
}
