//! What speaks for and against candidates, set by set: a handful of queries, however many they are.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use ::entity::{
    At,
    ask::AskAnswer,
    claim::{self, ClaimState},
    offer::{self, OfferKind, OfferState},
    task,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationDef,
    sea_query::{Expr, ExprTrait, Func},
};
use uuid::Uuid;

use crate::{
    claim::asks_to,
    identity::Scope,
    kernel::Error,
    matching::{Answer, Asked},
    platform::{AppState, db::Step},
};

const DAY: Duration = Duration::from_secs(24 * 3600);
/// Promises of so long ago still count.
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);
/// So far back it is remembered what somebody was asked.
const HALF_YEAR: Duration = Duration::from_secs(182 * 24 * 3600);

/// What somebody did with their seats of the last year.
#[derive(Clone, Debug, Default, FromQueryResult)]
pub(super) struct Served {
    pub person_id: Uuid,
    pub kept: i64,
    pub missed: i64,
    pub last_served: Option<At>,
}

fn of_task() -> RelationDef {
    claim::Entity::belongs_to(task::Entity).from(claim::Column::TaskId).to(task::Column::Id).into()
}

/// Promises kept and missed, and when somebody last served, by person.
pub(super) async fn served(
    db: &impl ConnectionTrait,
    ids: &[Uuid],
    now: At,
) -> Result<HashMap<Uuid, Served>, Error> {
    let state = || Expr::col((claim::Entity, claim::Column::State));
    let count = |states: Vec<ClaimState>| {
        let counted = Expr::case(state().is_in(states), 1).finally(0);
        Func::cast_as(Func::sum(counted), "BIGINT")
    };
    let came = vec![ClaimState::CheckedOut, ClaimState::Confirmed];
    let last =
        Expr::case(state().is_in(came.clone()), Expr::col((task::Entity, task::Column::StartsAt)));
    let rows = claim::Entity::find()
        .select_only()
        .column(claim::Column::PersonId)
        .expr_as(count(came), "kept")
        .expr_as(count(vec![ClaimState::NoShow]), "missed")
        .expr_as(Func::max(last), "last_served")
        .join(JoinType::InnerJoin, of_task())
        .filter(claim::Column::PersonId.is_in(ids.iter().copied()))
        .filter(claim::Column::ClaimedAt.gt(now.minus(YEAR)))
        .group_by(claim::Column::PersonId)
        .into_model::<Served>()
        .all(db)
        .await
        .step("read what people served")?;
    Ok(rows.into_iter().map(|row| (row.person_id, row)).collect())
}

/// What people were asked, by name, in a queue or in a wave, oldest first, and for which task.
pub(super) async fn asked(
    db: &impl ConnectionTrait,
    ids: &[Uuid],
    now: At,
) -> Result<HashMap<Uuid, Vec<(Uuid, Asked)>>, Error> {
    let rows = offer::Entity::find()
        .filter(offer::Column::PersonId.is_in(ids.iter().copied()))
        .filter(offer::Column::Kind.ne(OfferKind::HandOver))
        .filter(offer::Column::MadeAt.gt(now.minus(HALF_YEAR)))
        .order_by_asc(offer::Column::MadeAt)
        .all(db)
        .await
        .step("read what people were asked")?;
    let mut by_person: HashMap<Uuid, Vec<(Uuid, Asked)>> = HashMap::new();
    for ask in asks_to(db, &Scope::house(), ids, now.minus(HALF_YEAR)).await? {
        let answer = match ask.answer {
            AskAnswer::Yes => Answer::Yes,
            AskAnswer::No => Answer::No,
            AskAnswer::Waiting if ask.answer_by > now => Answer::Waiting,
            AskAnswer::Waiting => Answer::Silence,
        };
        let asked = Asked { at: ask.asked_at, answer };
        by_person.entry(ask.person_id).or_default().push((ask.task_id, asked));
    }
    for row in rows {
        let answer = match row.state {
            OfferState::Accepted => Answer::Yes,
            OfferState::Declined => Answer::No,
            OfferState::Expired => Answer::Silence,
            OfferState::Live => Answer::Waiting,
            // The task went, not the person.
            OfferState::Cancelled => continue,
        };
        let asked = Asked { at: row.made_at, answer };
        by_person.entry(row.person_id).or_default().push((row.task_id, asked));
    }
    by_person.values_mut().for_each(|told| told.sort_by_key(|(_, one)| one.at));
    Ok(by_person)
}

/// Who holds a seat of the task.
pub(super) async fn seated(db: &impl ConnectionTrait, task: Uuid) -> Result<HashSet<Uuid>, Error> {
    let rows: Vec<Uuid> = claim::Entity::find()
        .select_only()
        .column(claim::Column::PersonId)
        .filter(claim::Column::TaskId.eq(task))
        .filter(claim::Column::State.is_not_in([ClaimState::Released, ClaimState::Cancelled]))
        .into_tuple()
        .all(db)
        .await
        .step("read who has a seat")?;
    Ok(rows.into_iter().collect())
}

/// How long people here are left in peace after a message.
pub(super) const REST: Duration = DAY;

/// Who can be told by WeChat that a seat is kept for them.
pub(super) async fn reachable(state: &AppState, ids: &[Uuid]) -> Result<HashSet<Uuid>, Error> {
    crate::notify::grants::holders(state, ids).await
}
