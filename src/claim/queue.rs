//! Places in the queue and offers, by scope. Whoever writes them has the task's row locked.

use std::collections::HashMap;

use ::entity::{
    offer::{self, OfferState},
    task,
    waitlist::{self, WaitState},
};
use entity::At;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, JoinType,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef, Select,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::{Error, Event, Fact},
    platform::{db::Step, http::page::newest_first},
};

/// Places that are not over.
const LIVE: [WaitState; 2] = [WaitState::Waiting, WaitState::Offered];

/// A place of the scope's person, whatever became of it.
pub(super) async fn place_by_id(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<waitlist::Model>, Error> {
    let found = waitlist::Entity::find_by_id(id).filter(scope.own(waitlist::Column::PersonId));
    found.one(db).await.step("read a place in the queue")
}

/// A person's live place in the queue of a task.
pub(super) async fn place(
    db: &impl ConnectionTrait,
    _scope: &Scope,
    (task_id, person_id): (Uuid, Uuid),
) -> Result<Option<waitlist::Model>, Error> {
    waitlist::Entity::find()
        .filter(waitlist::Column::TaskId.eq(task_id))
        .filter(waitlist::Column::PersonId.eq(person_id))
        .filter(waitlist::Column::State.is_in(LIVE))
        .one(db)
        .await
        .step("look for a place in the queue")
}

fn waiting(task_id: Uuid) -> Select<waitlist::Entity> {
    waitlist::Entity::find()
        .filter(waitlist::Column::TaskId.eq(task_id))
        .filter(waitlist::Column::State.eq(WaitState::Waiting))
}

/// Everybody who waits for a seat of a task, the first first.
pub(super) async fn in_line(
    db: &impl ConnectionTrait,
    _house: &Scope,
    task_id: Uuid,
) -> Result<Vec<waitlist::Model>, Error> {
    let rows = waiting(task_id).order_by_asc(waitlist::Column::Id).all(db).await;
    rows.step("read the queue")
}

/// Who is asked next: the first who waits and has no offer of this task to answer.
pub(super) async fn next(
    tx: &DatabaseTransaction,
    _house: &Scope,
    task_id: Uuid,
) -> Result<Option<waitlist::Model>, Error> {
    let asked = offer::Entity::find()
        .select_only()
        .column(offer::Column::PersonId)
        .filter(offer::Column::TaskId.eq(task_id))
        .filter(offer::Column::State.eq(OfferState::Live))
        .into_query();
    waiting(task_id)
        .filter(waitlist::Column::PersonId.not_in_subquery(asked))
        .order_by_asc(waitlist::Column::Id)
        .one(tx)
        .await
        .step("read who is next")
}

/// How many wait for a seat of a task that the scope was allowed to see.
pub(super) async fn length(
    db: &impl ConnectionTrait,
    _scope: &Scope,
    task_id: Uuid,
) -> Result<u64, Error> {
    waiting(task_id).count(db).await.step("count the queue")
}

/// For each place that waits: how many stand before it, itself included. One query for all.
pub(super) async fn positions(
    db: &impl ConnectionTrait,
    _scope: &Scope,
    places: &[waitlist::Model],
) -> Result<HashMap<Uuid, usize>, Error> {
    let tasks: Vec<_> = places.iter().map(|place| place.task_id).collect();
    if tasks.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, Uuid)> = waitlist::Entity::find()
        .select_only()
        .columns([waitlist::Column::TaskId, waitlist::Column::Id])
        .filter(waitlist::Column::TaskId.is_in(tasks))
        .filter(waitlist::Column::State.eq(WaitState::Waiting))
        .into_tuple()
        .all(db)
        .await
        .step("count who is before")?;
    let waits = places.iter().filter(|place| place.state == WaitState::Waiting);
    let before = |place: &waitlist::Model| {
        rows.iter().filter(|(task, id)| *task == place.task_id && *id <= place.id).count()
    };
    Ok(waits.map(|place| (place.id, before(place))).collect())
}

/// One's live places, newest first, one more than asked where there are more.
pub(super) async fn my_places(
    db: &impl ConnectionTrait,
    scope: &Scope,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<waitlist::Model>, Error> {
    let query = waitlist::Entity::find()
        .filter(scope.own(waitlist::Column::PersonId))
        .filter(waitlist::Column::State.is_in(LIVE));
    let page = newest_first(query, waitlist::Column::Id, after, limit);
    page.all(db).await.step("list one's places in queues")
}

/// Moves a place on.
pub(super) async fn move_place(
    tx: &DatabaseTransaction,
    place: waitlist::Model,
    state: WaitState,
    now: At,
) -> Result<waitlist::Model, Error> {
    let mut row: waitlist::ActiveModel = place.into();
    row.state = Set(state);
    row.updated_at = Set(now);
    row.update(tx).await.step("move a place in the queue")
}

/// An offer that was made to the scope's person.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<offer::Model>, Error> {
    let found = offer::Entity::find_by_id(id).filter(scope.own(offer::Column::PersonId));
    found.one(db).await.step("read one's offer")
}

fn live() -> Select<offer::Entity> {
    offer::Entity::find().filter(offer::Column::State.eq(OfferState::Live))
}

/// One's live offers, soonest to end first.
pub(super) async fn my_live(
    db: &impl ConnectionTrait,
    scope: &Scope,
    limit: u64,
) -> Result<Vec<offer::Model>, Error> {
    live()
        .filter(scope.own(offer::Column::PersonId))
        .order_by_asc(offer::Column::ExpiresAt)
        .limit(limit)
        .all(db)
        .await
        .step("list one's offers")
}

/// A person's live offer of a task.
pub(super) async fn live_for(
    db: &impl ConnectionTrait,
    _scope: &Scope,
    (task_id, person_id): (Uuid, Uuid),
) -> Result<Option<offer::Model>, Error> {
    live()
        .filter(offer::Column::TaskId.eq(task_id))
        .filter(offer::Column::PersonId.eq(person_id))
        .one(db)
        .await
        .step("look for a person's offer")
}

/// The live offers of some tasks, in one query.
pub(super) async fn live_of_tasks(
    db: &impl ConnectionTrait,
    _house: &Scope,
    tasks: Vec<Uuid>,
) -> Result<Vec<offer::Model>, Error> {
    if tasks.is_empty() {
        return Ok(Vec::new());
    }
    let rows = live().filter(offer::Column::TaskId.is_in(tasks)).all(db).await;
    rows.step("read live offers of tasks")
}

/// The live offers of a task.
pub(super) async fn live_of_task(
    db: &impl ConnectionTrait,
    _house: &Scope,
    task_id: Uuid,
) -> Result<Vec<offer::Model>, Error> {
    let rows = live().filter(offer::Column::TaskId.eq(task_id)).all(db).await;
    rows.step("read a task's live offers")
}

/// What was offered of a task that the scope was allowed to see, the latest first; a hundred at most.
pub(super) async fn of_task(
    db: &impl ConnectionTrait,
    _scope: &Scope,
    task_id: Uuid,
) -> Result<Vec<offer::Model>, Error> {
    let rows = offer::Entity::find().filter(offer::Column::TaskId.eq(task_id));
    let rows = rows.order_by_desc(offer::Column::Id).limit(100).all(db).await;
    rows.step("list what was offered")
}

/// The live offer by which a claim is being handed over.
pub(super) async fn live_of_claim(
    db: &impl ConnectionTrait,
    _scope: &Scope,
    claim_id: Uuid,
) -> Result<Option<offer::Model>, Error> {
    let found = live().filter(offer::Column::ClaimId.eq(claim_id)).one(db).await;
    found.step("look for a hand-over under way")
}

/// Ends an offer.
pub(super) async fn end_offer(
    tx: &DatabaseTransaction,
    offer: offer::Model,
    state: OfferState,
    now: At,
) -> Result<offer::Model, Error> {
    let mut row: offer::ActiveModel = offer.into();
    row.state = Set(state);
    row.ended_at = Set(Some(now));
    row.update(tx).await.step("end an offer")
}

fn task_of_offer() -> RelationDef {
    let relation = offer::Entity::belongs_to(task::Entity);
    relation.from(offer::Column::TaskId).to(task::Column::Id).into()
}

fn task_of_place() -> RelationDef {
    let relation = waitlist::Entity::belongs_to(task::Entity);
    relation.from(waitlist::Column::TaskId).to(task::Column::Id).into()
}

/// Live offers whose time is over, or whose task is; the oldest first.
pub(super) async fn overdue(
    db: &impl ConnectionTrait,
    _house: &Scope,
    now: At,
    limit: u64,
) -> Result<Vec<offer::Model>, Error> {
    let over = Condition::any()
        .add(offer::Column::ExpiresAt.lte(now))
        .add(task::Column::State.ne(task::TaskState::Open));
    live()
        .join(JoinType::InnerJoin, task_of_offer())
        .filter(over)
        .order_by_asc(offer::Column::ExpiresAt)
        .limit(limit)
        .all(db)
        .await
        .step("read the offers that are over")
}

/// Tasks in whose queue something is to be done: claiming is over, or a seat is free.
pub(super) async fn stirring(
    db: &impl ConnectionTrait,
    _house: &Scope,
    now: At,
    limit: u64,
) -> Result<Vec<Uuid>, Error> {
    let taken = Expr::col((task::Entity, task::Column::Used))
        .add(Expr::col((task::Entity, task::Column::Held)))
        .add(Expr::col((task::Entity, task::Column::KeepNew)))
        .add(Expr::col((task::Entity, task::Column::KeepLead)));
    let stirs = Condition::any()
        .add(task::Column::State.ne(task::TaskState::Open))
        .add(task::Column::ClaimUntil.lte(now))
        .add(taken.lt(Expr::col((task::Entity, task::Column::Slots))));
    waitlist::Entity::find()
        .select_only()
        .column(waitlist::Column::TaskId)
        .distinct()
        .join(JoinType::InnerJoin, task_of_place())
        .filter(waitlist::Column::State.eq(WaitState::Waiting))
        .filter(stirs)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await
        .step("read the queues that stir")
}

/// A fact about a place in a queue or an offer of a task.
pub(super) fn fact(task: &task::Model, subject: Uuid, event: Event, actor: Option<Uuid>) -> Fact {
    Fact {
        event,
        org_id: task.org_id,
        request_id: task.request_id,
        task_id: Some(task.id),
        subject_id: subject,
        actor_id: actor,
        words: None,
    }
}
