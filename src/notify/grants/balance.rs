//! The account: spent with one conditional statement, so that fifty at once spend one grant once.

use std::{collections::HashMap, time::Duration};

use ::entity::{
    At,
    subscribe_grant::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{kernel::Error, platform::db::Step};

/// Grants of one template a person can hold at most.
pub(super) const MOST: i32 = 20;
/// How long an acceptance counts.
const LIFE: Duration = Duration::from_secs(180 * 24 * 3600);

/// Rows with which a message can be sent at that instant.
pub(super) fn usable(now: At) -> Condition {
    Condition::any().add(Column::Permanent.eq(true)).add(
        Condition::all().add(Column::Balance.gt(0)).add(Column::AcceptedAt.gt(now.minus(LIFE))),
    )
}

fn of(person_id: Uuid, template_id: &str) -> Condition {
    Condition::all().add(Column::PersonId.eq(person_id)).add(Column::TemplateId.eq(template_id))
}

/// Takes one grant for a message that is about to be sent. Whether there was one.
///
/// # Errors
/// When the account cannot be written; the transaction must then be dropped.
pub async fn spend(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    template_id: &str,
    now: At,
) -> Result<bool, Error> {
    let less = Expr::case(Column::Permanent.eq(true), Expr::col(Column::Balance))
        .finally(Expr::col(Column::Balance).sub(1));
    let spent = Entity::update_many()
        .col_expr(Column::Balance, less.into())
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(of(person_id, template_id))
        .filter(usable(now))
        .exec(tx)
        .await;
    Ok(spent.step("spend a grant")?.rows_affected == 1)
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

/// A person's grants by template, whatever is left of them.
///
/// # Errors
/// When the rows cannot be read.
pub async fn live(
    db: &impl ConnectionTrait,
    person_id: Uuid,
    now: At,
) -> Result<HashMap<String, Model>, Error> {
    let found = Entity::find().filter(Column::PersonId.eq(person_id)).filter(usable(now));
    let rows = found.all(db).await.step("read grants")?;
    Ok(rows.into_iter().map(|row| (row.template_id.clone(), row)).collect())
}
