//! What the office sees of messages: those that wait, that failed, of which nobody knows; and whom to phone.

use ::entity::{
    At, notice,
    push::{CallOutcome, Column, Entity, Model, PushState},
    session,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Alias, Expr, ExprTrait, Query},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    identity::{Scope, people},
    kernel::Error,
    notify::Subject,
    platform::{AppState, db::Step, http::page::newest_first},
};

/// A message as the office sees it: no name in full, and not what it says.
#[derive(Debug, Serialize, ToSchema)]
pub struct PushView {
    pub id: Uuid,
    /// Stable name of what it is about.
    #[schema(example = "task.cancelled")]
    pub kind: String,
    pub title: &'static str,
    pub state: PushState,
    /// Why it is there: `no_grant`, `unknown`, a class of WeChat's answers.
    pub why: Option<String>,
    /// The first sign of the name.
    #[schema(example = "王＊")]
    pub person: String,
    pub task_id: Option<Uuid>,
    pub attempts: i32,
    pub at: At,
    /// Of those that wait: not before.
    pub next_at: At,
    pub useful_until: At,
}

/// Somebody to phone.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallView {
    pub id: Uuid,
    pub person_id: Uuid,
    pub name: String,
    /// Masked; null: the office has none.
    #[schema(example = "138****5678")]
    pub phone: Option<String>,
    /// What they have to know.
    #[schema(example = "任务取消了")]
    pub title: &'static str,
    /// Why no message reaches them.
    #[schema(example = "no_grant")]
    pub why: Option<String>,
    pub task_id: Option<Uuid>,
    /// By when they have to know it.
    pub useful_until: At,
    /// What came of phoning them before.
    pub outcome: Option<CallOutcome>,
}

/// `王＊`
fn veiled(name: Option<&String>) -> String {
    let first = name.and_then(|name| name.chars().next());
    first.map_or_else(|| "＊".to_owned(), |sign| format!("{sign}＊"))
}

fn title(row: &Model) -> &'static str {
    Subject::named(&row.kind).map_or("通知", Subject::title)
}

/// An org's messages, newest first, one more than asked where there are more.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    org_id: Uuid,
    state: Option<PushState>,
    (after, limit): (Option<Uuid>, u64),
) -> Result<Vec<Model>, Error> {
    let mut query =
        Entity::find().filter(Column::OrgId.eq(org_id)).filter(scope.reach(Column::OrgId));
    if let Some(state) = state {
        query = query.filter(Column::State.eq(state));
    }
    newest_first(query, Column::Id, after, limit).all(db).await.step("list messages")
}

/// Messages as the office sees them.
pub(super) async fn views(
    db: &impl ConnectionTrait,
    rows: Vec<Model>,
) -> Result<Vec<PushView>, Error> {
    let names = people::names(db, rows.iter().map(|row| row.person_id)).await?;
    let view = |row: Model| PushView {
        title: title(&row),
        person: veiled(names.get(&row.person_id)),
        id: row.id,
        kind: row.kind,
        state: row.state,
        why: row.last_class,
        task_id: row.task_id,
        attempts: row.attempts,
        at: row.at,
        next_at: row.next_at,
        useful_until: row.useful_until,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Whom an org should phone: what cannot wait did not reach their phone, they have not been here since, and have not
/// read it. Nobody who was reached, or whose time is over.
pub(super) async fn calls(
    db: &impl ConnectionTrait,
    scope: &Scope,
    org_id: Uuid,
    now: At,
    (after, limit): (Option<Uuid>, u64),
) -> Result<Vec<Model>, Error> {
    let query = Entity::find()
        .filter(Column::OrgId.eq(org_id))
        .filter(scope.reach(Column::OrgId))
        .filter(Column::Urgent.eq(true))
        .filter(Column::State.is_in([PushState::Refused, PushState::Dead, PushState::Unknown]))
        .filter(Column::UsefulUntil.gt(now))
        .filter(open())
        .filter(Expr::exists(been_here()).not())
        .filter(Expr::exists(read()).not());
    newest_first(query, Column::Id, after, limit).all(db).await.step("list whom to phone")
}

/// Nobody has told them yet.
fn open() -> Condition {
    Condition::any()
        .add(Column::CallOutcome.is_null())
        .add(Column::CallOutcome.eq(CallOutcome::NoAnswer))
}

fn outer(column: Column) -> Expr {
    Expr::col((Alias::new("push"), column))
}

/// A session that was renewed since the message was written.
fn been_here() -> sea_orm::sea_query::SelectStatement {
    let mut query = Query::select();
    let renewed = Expr::col((session::Entity, session::Column::ExpiresAt))
        .sub(Expr::col((session::Entity, session::Column::LifeMs)));
    query
        .expr(Expr::value(1))
        .from(session::Entity)
        .and_where(
            Expr::col((session::Entity, session::Column::PersonId)).eq(outer(Column::PersonId)),
        )
        .and_where(renewed.gt(outer(Column::At)));
    query
}

fn read() -> sea_orm::sea_query::SelectStatement {
    let mut query = Query::select();
    query
        .expr(Expr::value(1))
        .from(notice::Entity)
        .and_where(
            Expr::col((notice::Entity, notice::Column::DedupKey)).eq(outer(Column::DedupKey)),
        )
        .and_where(Expr::col((notice::Entity, notice::Column::ReadAt)).is_not_null());
    query
}

/// People to phone, with masked numbers.
pub(super) async fn call_views(state: &AppState, rows: Vec<Model>) -> Result<Vec<CallView>, Error> {
    let db = state.db.read();
    let ids: Vec<_> = rows.iter().map(|row| row.person_id).collect();
    let names = people::names(db, ids.iter().copied()).await?;
    let phones = people::masked_phones(db, state, ids).await?;
    let view = |row: Model| CallView {
        title: title(&row),
        name: names.get(&row.person_id).cloned().unwrap_or_default(),
        phone: phones.get(&row.person_id).cloned(),
        id: row.id,
        person_id: row.person_id,
        why: row.last_class,
        task_id: row.task_id,
        useful_until: row.useful_until,
        outcome: row.call_outcome,
    };
    Ok(rows.into_iter().map(view).collect())
}
