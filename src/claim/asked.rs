//! 请过谁: who was asked for a task in a wave, and what they made of it. A seat is open to all of its ring all the same;
//! an ask only says whose phone rang, and why theirs.

use ::entity::{
    At,
    ask::{ActiveModel, AskAnswer, Column, Entity, Model},
    claim, task, waitlist,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::Error,
    platform::{AppState, db::Step},
};

/// Somebody whom a wave asks.
#[derive(Clone, Debug)]
pub struct Asking {
    pub person: Uuid,
    /// How likely they come, 0 to 1.
    pub chance: f64,
    /// For the office.
    pub reason: String,
    /// For themselves.
    pub why_you: String,
}

/// A wave of a task.
#[derive(Clone, Copy, Debug)]
pub struct WaveOf<'a> {
    pub task: &'a task::Model,
    pub id: Uuid,
    pub number: i32,
    pub answer_by: At,
}

/// Writes down whom a wave asks. One index keeps everybody from being asked twice for a task.
///
/// # Errors
/// When it cannot be stored.
pub async fn ask(
    tx: &DatabaseTransaction,
    state: &AppState,
    wave: WaveOf<'_>,
    people: Vec<Asking>,
) -> Result<(), Error> {
    let now = state.clock.now();
    #[allow(clippy::cast_possible_truncation)]
    let row = |one: Asking| ActiveModel {
        id: Set(state.rng.id(now)),
        task_id: Set(wave.task.id),
        org_id: Set(wave.task.org_id),
        person_id: Set(one.person),
        wave_id: Set(wave.id),
        wave: Set(wave.number),
        chance: Set((one.chance.clamp(0.0, 1.0) * 1000.0).round() as i32),
        reason: Set(one.reason),
        why_you: Set(one.why_you),
        asked_at: Set(now),
        answer_by: Set(wave.answer_by),
        answered_at: Set(None),
        answer: Set(AskAnswer::Waiting),
    };
    let rows = people.into_iter().map(row);
    Entity::insert_many(rows).exec_without_returning(tx).await.step("ask people").map(drop)
}

/// Whom a wave of a task asked.
///
/// # Errors
/// When it cannot be read.
pub async fn asked_in(
    db: &impl ConnectionTrait,
    scope: &Scope,
    task_id: Uuid,
    wave_id: Uuid,
) -> Result<Vec<Uuid>, Error> {
    let rows = asks_of(db, scope, task_id).await?.into_iter();
    Ok(rows.filter(|ask| ask.wave_id == wave_id).map(|ask| ask.person_id).collect())
}

/// All who were asked for a task, the earliest wave first.
///
/// # Errors
/// When it cannot be read.
pub async fn asks_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    task_id: Uuid,
) -> Result<Vec<Model>, Error> {
    Entity::find()
        .filter(Column::TaskId.eq(task_id))
        .filter(scope.reach(Column::OrgId))
        .order_by_asc(Column::Wave)
        .order_by_desc(Column::Chance)
        .order_by_asc(Column::PersonId)
        .all(db)
        .await
        .step("read who was asked")
}

/// What people were asked since then, the oldest first.
///
/// # Errors
/// When it cannot be read.
pub async fn asks_to(
    db: &impl ConnectionTrait,
    _house: &Scope,
    people: &[Uuid],
    since: At,
) -> Result<Vec<Model>, Error> {
    Entity::find()
        .filter(Column::PersonId.is_in(people.iter().copied()))
        .filter(Column::AskedAt.gt(since))
        .order_by_asc(Column::AskedAt)
        .all(db)
        .await
        .step("read what people were asked")
}

/// Why the caller was asked for a task; None: they were not.
pub(super) async fn why_me(
    db: &impl ConnectionTrait,
    own: &Scope,
    task_id: Uuid,
) -> Result<Option<String>, Error> {
    Entity::find()
        .select_only()
        .column(Column::WhyYou)
        .filter(Column::TaskId.eq(task_id))
        .filter(own.own(Column::PersonId))
        .into_tuple()
        .one(db)
        .await
        .step("read why somebody was asked")
}

/// Whoever a new claim or a new place in the queue is of wanted a seat, whether or not they said no before.
///
/// # Errors
/// When it cannot be stored.
pub async fn note_yes(
    tx: &DatabaseTransaction,
    _house: &Scope,
    (task_id, of): (Uuid, Uuid),
    at: At,
) -> Result<(), Error> {
    let claims = claim::Entity::find_by_id(of).select_only().column(claim::Column::PersonId);
    let places = waitlist::Entity::find_by_id(of).select_only().column(waitlist::Column::PersonId);
    let they = Condition::any()
        .add(Column::PersonId.in_subquery(claims.into_query()))
        .add(Column::PersonId.in_subquery(places.into_query()));
    let noted = note(AskAnswer::Yes, at).filter(Column::TaskId.eq(task_id)).filter(they);
    let noted = noted.filter(Column::Answer.ne(AskAnswer::Yes));
    noted.exec(tx).await.step("note a yes").map(drop)
}

/// The caller says no to what they were asked; who was not asked, or has answered, changes nothing.
///
/// # Errors
/// When it cannot be stored.
pub async fn say_no(
    tx: &DatabaseTransaction,
    own: &Scope,
    task_id: Uuid,
    now: At,
) -> Result<(), Error> {
    let noted = note(AskAnswer::No, now).filter(Column::TaskId.eq(task_id));
    let noted = noted.filter(own.own(Column::PersonId));
    let noted = noted.filter(Column::Answer.eq(AskAnswer::Waiting));
    noted.exec(tx).await.step("note a no").map(drop)
}

fn note(answer: AskAnswer, at: At) -> sea_orm::UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(Column::Answer, Expr::value(answer))
        .col_expr(Column::AnsweredAt, Expr::value(at))
}
