//! The account: spent under its lock, so that fifty at once spend one grant once.
//!
//! Grants end one by one, each so long after it was given. None is kept by itself: the oldest is spent first, so what
//! is left are the newest, and of these those still count that were given lately. That is the lesser of `balance` and
//! of what the words heard since then add up to; whoever changes the account leaves out what has ended.

use std::{collections::HashMap, time::Duration};

use ::entity::{
    At, subscribe_event as event,
    subscribe_grant::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QuerySelect,
    sea_query::{Expr, ExprTrait, LockType},
};
use uuid::Uuid;

use crate::{
    kernel::Error,
    platform::{AppState, db::Step},
};

/// Grants of one template a person can hold at most.
pub(super) const MOST: i32 = 20;

/// What was given until then has ended.
fn ended_by(state: &AppState) -> At {
    let days = state.settings.wechat.grant_days;
    state.clock.now().minus(Duration::from_secs(days * 24 * 3600))
}

/// Rows with which a message can be sent now.
pub(super) fn usable(state: &AppState) -> Condition {
    let lately = Column::AcceptedAt.gt(ended_by(state));
    let some = Condition::all().add(Column::Balance.gt(0)).add(lately);
    Condition::any().add(Column::Permanent.eq(true)).add(some)
}

/// By template, what a person gave lately, spent or not.
async fn given(
    db: &impl ConnectionTrait,
    state: &AppState,
    person_id: Uuid,
    template_id: Option<&str>,
) -> Result<HashMap<String, i64>, Error> {
    let mut query = event::Entity::find()
        .select_only()
        .column(event::Column::TemplateId)
        .column_as(event::Column::Change.sum(), "given")
        .filter(event::Column::PersonId.eq(person_id))
        .filter(event::Column::At.gt(ended_by(state)))
        .group_by(event::Column::TemplateId);
    if let Some(template_id) = template_id {
        query = query.filter(event::Column::TemplateId.eq(template_id));
    }
    let rows: Vec<(String, i64)> =
        query.into_tuple().all(db).await.step("add up what was granted")?;
    Ok(rows.into_iter().collect())
}

/// What is left of an account without what has ended.
pub(super) async fn left(
    db: &impl ConnectionTrait,
    state: &AppState,
    grant: &Model,
) -> Result<i32, Error> {
    if grant.balance == 0 {
        return Ok(0);
    }
    let id = grant.template_id.as_str();
    let given = given(db, state, grant.person_id, Some(id)).await?;
    Ok(lesser(grant.balance, given.get(id)))
}

fn lesser(balance: i32, given: Option<&i64>) -> i32 {
    let given = i64::clamp(given.copied().unwrap_or(0), 0, i64::from(balance));
    i32::try_from(given).unwrap_or(balance)
}

fn of(person_id: Uuid, template_id: &str) -> Condition {
    Condition::all().add(Column::PersonId.eq(person_id)).add(Column::TemplateId.eq(template_id))
}

/// Takes one grant, the oldest that counts, for a message that is about to be sent. Whether there was one.
///
/// # Errors
/// When the account cannot be written; the transaction must then be dropped.
pub async fn spend(
    tx: &DatabaseTransaction,
    state: &AppState,
    person_id: Uuid,
    template_id: &str,
) -> Result<bool, Error> {
    let found = Entity::find().filter(of(person_id, template_id)).filter(usable(state));
    let found = found.lock(LockType::NoKeyUpdate).one(tx).await.step("lock the grants")?;
    let Some(grant) = found else { return Ok(false) };
    if grant.permanent {
        return Ok(true);
    }
    let left = left(tx, state, &grant).await?;
    if left == 0 {
        return Ok(false);
    }
    let spent = Entity::update_many()
        .col_expr(Column::Balance, Expr::value(left - 1))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(of(person_id, template_id))
        .exec(tx)
        .await;
    spent.step("spend a grant").map(|_| true)
}

/// The message was surely not sent: its grant is there again.
pub(in super::super) async fn give_back(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    template_id: &str,
) -> Result<(), Error> {
    let back = Entity::update_many()
        .col_expr(Column::Balance, Expr::col(Column::Balance).add(1))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(of(person_id, template_id))
        .filter(Column::Permanent.eq(false))
        .filter(Column::Balance.lt(MOST))
        .exec(tx)
        .await;
    back.step("give a grant back").map(drop)
}

/// WeChat says there is none (43101): it is right.
pub(in super::super) async fn exhaust(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    template_id: &str,
    now: At,
) -> Result<(), Error> {
    let none = Entity::update_many()
        .col_expr(Column::Balance, Expr::value(0))
        .col_expr(Column::Permanent, Expr::value(false))
        .col_expr(Column::LastStatus, Expr::value("exhausted_or_refused"))
        .col_expr(Column::LastEventAt, Expr::value(now))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(of(person_id, template_id))
        .exec(tx)
        .await;
    none.step("set a grant to nothing").map(drop)
}

/// A person's grants by template that count now, without what has ended.
///
/// # Errors
/// When the rows cannot be read.
pub async fn live(
    db: &impl ConnectionTrait,
    state: &AppState,
    person_id: Uuid,
) -> Result<HashMap<String, Model>, Error> {
    let found = Entity::find().filter(Column::PersonId.eq(person_id)).filter(usable(state));
    let rows = found.all(db).await.step("read grants")?;
    let given = given(db, state, person_id, None).await?;
    let counts = |mut row: Model| {
        row.balance = lesser(row.balance, given.get(&row.template_id));
        (row.template_id.clone(), row)
    };
    let rows = rows.into_iter().map(counts);
    Ok(rows.filter(|(_, row)| row.permanent || row.balance > 0).collect())
}
