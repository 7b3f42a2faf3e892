//! 报名, and taking one's name back.

use ::entity::{
    draw_entry::{ActiveModel, Column, Entity},
    task,
};
use entity::At;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    dispatch::{self, Card, cards},
    identity::{Resident, Scope, people},
    kernel::{Error, Event},
    org,
    platform::{
        AppState, Tx,
        db::Step,
        http::{Problem, problem::NOT_FOUND},
        outbox,
    },
};

use super::{
    super::{facts, model::judge, queue, refusal::Refusal},
    DRAW_OVER, NO_DRAW, store,
    view::DrawEntry,
};

/// How long a receipt is.
const RECEIPT: usize = 10;

#[derive(Debug, thiserror::Error)]
pub enum DrawError {
    #[error("no such task in this scope")]
    NotFound,
    #[error("there is no draw")]
    NoDraw,
    #[error("signing up has ended")]
    Over,
    #[error("refused: {0:?}")]
    Refused(Refusal),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<DrawError> for Problem {
    fn from(error: DrawError) -> Self {
        match error {
            DrawError::NotFound => NOT_FOUND.into(),
            DrawError::NoDraw => NO_DRAW.into(),
            DrawError::Over => DRAW_OVER.into(),
            DrawError::Refused(refusal) => refusal.into(),
            DrawError::Broken(error) => error.into(),
        }
    }
}

/// Whether one can sign up for a task now, or take one's name back.
fn is_open(task: &task::Model, now: At) -> Result<(), DrawError> {
    let at = task.draw_at.ok_or(DrawError::NoDraw)?;
    let open = task.state == task::TaskState::Open && task.drawn_at.is_none() && now < at;
    if open { Ok(()) } else { Err(DrawError::Over) }
}

/// Signs the caller up; who has signed up already keeps their number. Who could not take a seat cannot sign up either.
///
/// # Errors
/// `NotFound` outside the caller's pools, `NoDraw`, `Over`; a `Refusal`.
pub(super) async fn enter(
    tx: &Tx,
    state: &AppState,
    me: &Resident,
    task_id: Uuid,
) -> Result<DrawEntry, DrawError> {
    people::lock(tx, me.id()).await?;
    let task = dispatch::lock(tx, &me.scope(), task_id).await?.ok_or(DrawError::NotFound)?;
    let now = state.clock.now();
    is_open(&task, now)?;
    if let Some(mine) = store::own(&**tx, &me.own_scope(), task_id).await? {
        return Ok(DrawEntry { number: mine.number, receipt: mine.receipt, place: None });
    }
    let card = cards(&**tx, std::slice::from_ref(&task)).await?.remove(0);
    // As if it were drawn already: then they could take a seat.
    let card = Card { draw_at: None, ..card };
    let rules = org::settings_of(&**tx, [task.org_id]).await?.remove(&task.org_id);
    let member = facts::member(&**tx, me.id(), now).await?;
    match judge(&card, &member, &rules.unwrap_or_default(), now) {
        Err(refusal) if !refusal.is_of_seats() => return Err(DrawError::Refused(refusal)),
        _ => {}
    }
    let row = ActiveModel {
        id: Set(state.rng.id(now)),
        task_id: Set(task_id),
        number: Set(store::last_number(&**tx, &Scope::house(), task_id).await? + 1),
        person_id: Set(me.id()),
        receipt: Set(state.rng.code(RECEIPT)),
        place: Set(None),
        entered_at: Set(now),
    };
    let row = row.insert(&**tx).await.step("sign somebody up")?;
    let fact = queue::fact(&task, row.id, Event::DrawEntered, Some(me.id()));
    outbox::record(&**tx, state, [fact]).await?;
    Ok(DrawEntry { number: row.number, receipt: row.receipt, place: None })
}

/// Takes the name of a locked person back wherever it is not drawn yet.
///
/// # Errors
/// When it cannot be stored.
pub async fn take_back(tx: &Tx, own: &Scope) -> Result<(), Error> {
    for entry in store::undrawn(&**tx, own).await? {
        dispatch::lock(tx, &Scope::house(), entry.task_id).await?;
        // Drawn meanwhile: then they wait, and step back from that.
        let undrawn = Entity::delete_many().filter(Column::Id.eq(entry.id));
        let gone = undrawn.filter(Column::Place.is_null()).exec(&**tx).await;
        gone.step("take a name back")?;
    }
    Ok(())
}

/// Takes the caller's name back; who has not signed up has nothing to take.
///
/// # Errors
/// `NotFound` for a task one may not know of, `NoDraw`, `Over`.
pub(super) async fn leave(state: &AppState, me: &Resident, task_id: Uuid) -> Result<(), DrawError> {
    let tx = state.db.write().await?;
    people::lock(&tx, me.id()).await?;
    let task = dispatch::lock(&tx, &me.scope(), task_id).await?.ok_or(DrawError::NotFound)?;
    is_open(&task, state.clock.now())?;
    let Some(mine) = store::own(&*tx, &me.own_scope(), task_id).await? else { return Ok(()) };
    let gone = Entity::delete_many().filter(Column::Id.eq(mine.id)).exec(&*tx).await;
    gone.step("take a name back")?;
    let fact = queue::fact(&task, mine.id, Event::DrawLeft, Some(me.id()));
    outbox::record(&*tx, state, [fact]).await?;
    Ok(tx.commit().await?)
}
