//! Points follow hours that were corrected by hand.

use ::entity::{
    hours_correction,
    points_entry::{Column, Entity},
    points_rule::{self, PointsKind, PointsTrigger},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, JoinType,
    QueryFilter, QuerySelect,
};
use uuid::Uuid;

use crate::{
    kernel::{Day, Error},
    platform::{AppState, db::Step},
};

use super::{
    hours, model,
    points::{Merit, award_for, insert, row, total},
};

/// Hours of a claim were corrected by hand. What was added earns only where the org says so; what was taken away
/// takes its points along.
pub(super) async fn correction(
    tx: &DatabaseTransaction,
    state: &AppState,
    correction: &hours_correction::Model,
    change: i32,
    earns: bool,
) -> Result<(), Error> {
    let Ok(day) = correction.served_on.parse::<Day>() else {
        return Err(Error::impossible("read the day of service"));
    };
    let merit = Merit {
        trigger: PointsTrigger::ServiceHour,
        source_id: correction.id,
        person_id: correction.person_id,
        org_id: correction.org_id,
        claim_id: Some(correction.claim_id),
        task_id: Some(correction.task_id),
        day,
        measure: change,
    };
    if change > 0 {
        return if earns { award_for(tx, state, &[merit]).await } else { Ok(()) };
    }
    let left = hours::net(tx, correction.claim_id).await?;
    let back = given(tx, correction.claim_id).await?.into_iter().filter_map(|given| {
        let back = model::forfeit(given.rate, change.saturating_neg(), left, given.amount);
        (back > 0).then(|| row(state, &merit, given.kind, Some(given.rule_id), -back))
    });
    insert(tx, state, back.collect()).await
}

/// What the hours of a claim have given so far on one account, at which rate.
#[derive(Debug, FromQueryResult)]
struct Given {
    kind: PointsKind,
    rule_id: Uuid,
    rate: i32,
    amount: i64,
}

async fn given(db: &impl ConnectionTrait, claim_id: Uuid) -> Result<Vec<Given>, Error> {
    let by_rule =
        Entity::belongs_to(points_rule::Entity).from(Column::RuleId).to(points_rule::Column::Id);
    let rows: Vec<Given> = Entity::find()
        .select_only()
        .columns([Column::Kind, Column::RuleId])
        .column_as(points_rule::Column::Amount, "rate")
        .column_as(total(), "amount")
        .join(JoinType::InnerJoin, by_rule.into())
        .filter(Column::ClaimId.eq(claim_id))
        .filter(Column::Trigger.eq(PointsTrigger::ServiceHour))
        .group_by(Column::Kind)
        .group_by(Column::RuleId)
        .group_by(points_rule::Column::Amount)
        .into_model()
        .all(db)
        .await
        .step("read what the hours gave")?;
    let mut kinds: Vec<Given> = Vec::new();
    for row in rows {
        match kinds.iter_mut().find(|given| given.kind == row.kind) {
            // The rule was replaced in between: both rules' points are one account.
            Some(known) => {
                known.amount += row.amount;
                known.rate = known.rate.max(row.rate);
            }
            None => kinds.push(row),
        }
    }
    Ok(kinds)
}
