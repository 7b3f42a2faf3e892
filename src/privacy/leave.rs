//! 注销: a person leaves. At once and for good: what identified them and what they wrote goes, what they did stays
//! under an id that leads to nobody. One transaction, made of the list in `model`.

use ::entity::{
    claim::{ClaimState, Column as ClaimColumn, Entity as Claims},
    idempotency_key,
    request::{self, RequestState},
    role_grant,
    task::{self, TaskState},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    sea_query::{Alias, Expr, ExprTrait, Query, SimpleExpr},
};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    audit::{self, Act, Deed},
    claim,
    dispatch::board,
    file,
    identity::{Scope, people},
    kernel::Error,
    ledger,
    platform::{AppState, Tx, db::Step, http::Problem},
    showcase::{self, Spoken, StoryError},
};

use super::{
    UNFINISHED,
    model::{Blank, Fate, Trace, traces},
};

/// What others still wait for; as many of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Unfinished {
    /// Seats held in tasks that are not over: release them, or serve.
    claims: u64,
    /// Requests on their way: withdraw them, or wait for the end.
    requests: u64,
    /// Open tasks led: the office names another lead.
    tasks: u64,
    /// Roles held: whoever gave them takes them back.
    roles: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum LeaveError {
    #[error("unfinished: {0:?}")]
    Unfinished(Unfinished),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<LeaveError> for Problem {
    fn from(error: LeaveError) -> Self {
        match error {
            LeaveError::Unfinished(what) => Self::from(UNFINISHED).with("unfinished", what),
            LeaveError::Broken(error) => error.into(),
        }
    }
}

/// Closes the account of a person.
///
/// # Errors
/// `Unfinished` while others count on them; nothing happened then.
pub(super) async fn leave(state: &AppState, own: &Scope, person: Uuid) -> Result<(), LeaveError> {
    let tx = state.db.write().await?;
    people::lock(&tx, person).await?;
    let left = unfinished(&tx, person).await?;
    if left != Unfinished::default() {
        return Err(LeaveError::Unfinished(left));
    }
    let cards = go(&tx, state, own, person).await?;
    let deed = Deed {
        act: Act::AccountLeft,
        actor_id: Some(person),
        org_id: None,
        subject_id: Some(person),
        why: None,
    };
    audit::record(&tx, state, deed).await?;
    tx.commit().await?;
    Ok(board::show(state, cards).await?)
}

/// Erases a locked person who has nothing unfinished, in the caller's transaction. Answers the tasks whose cards have to
/// be shown anew after it.
///
/// # Errors
/// When it cannot be stored.
pub(super) async fn go(
    tx: &Tx,
    state: &AppState,
    own: &Scope,
    person: Uuid,
) -> Result<Vec<Uuid>, Error> {
    claim::step_back(tx, state, own, person).await?;
    let spoken = showcase::forget(tx, state, person).await.map_err(withdrawn)?;
    ledger::forget(tx, state, person).await?;
    let asked = asked(tx, person).await?;
    let cards = move_cards_on(tx, state, &asked).await?;
    forget_answers(tx, &about(&asked, &cards, &spoken)).await?;
    file::forget(tx, state, person).await?;
    for trace in traces() {
        erase(tx, state, &trace, person).await?;
    }
    Ok(cards)
}

/// Saying no for somebody who is shown is never refused; what is left are faults of the house.
fn withdrawn(error: StoryError) -> Error {
    match error {
        StoryError::Broken(error) => error,
        other => Error::broken("take somebody out of the stories", other),
    }
}

/// Their requests.
pub(super) async fn asked(tx: &Tx, person: Uuid) -> Result<Vec<Uuid>, Error> {
    let asked = request::Entity::find().filter(request::Column::RequesterId.eq(person));
    let ids = asked.select_only().column(request::Column::Id).into_tuple();
    ids.all(&**tx).await.step("read one's own requests")
}

async fn unfinished(tx: &Tx, person: Uuid) -> Result<Unfinished, Error> {
    use RequestState::{Dispatched, NeedsInfo, Reopened, Returned, Submitted};
    let claims = Claims::find()
        .filter(ClaimColumn::PersonId.eq(person))
        .filter(ClaimColumn::State.is_in([ClaimState::Active, ClaimState::CheckedIn]));
    let requests = request::Entity::find().filter(request::Column::RequesterId.eq(person)).filter(
        request::Column::State.is_in([Submitted, NeedsInfo, Dispatched, Returned, Reopened]),
    );
    let tasks = task::Entity::find()
        .filter(task::Column::LeadId.eq(person))
        .filter(task::Column::State.is_in([TaskState::Draft, TaskState::Open]));
    let roles = role_grant::Entity::find()
        .filter(role_grant::Column::PersonId.eq(person))
        .filter(role_grant::Column::RevokedAt.is_null());
    Ok(Unfinished {
        claims: claims.count(&**tx).await.step("count seats held")?,
        requests: requests.count(&**tx).await.step("count requests on their way")?,
        tasks: tasks.count(&**tx).await.step("count tasks led")?,
        roles: roles.count(&**tx).await.step("count roles held")?,
    })
}

/// What paths about theirs have in them: their requests, the tasks made from these, the stories that spoke of them.
pub(super) fn about(asked: &[Uuid], cards: &[Uuid], spoken: &[Spoken]) -> Vec<String> {
    let rows = asked.iter().chain(cards).map(ToString::to_string);
    let stories = spoken
        .iter()
        .flat_map(|story| [story.story_id.to_string(), format!("{}/story", story.task_id)]);
    rows.chain(stories).collect()
}

/// Answers kept for others' retries repeat what a request or a story said; those about theirs are found by the path.
pub(super) async fn forget_answers(tx: &Tx, paths: &[String]) -> Result<(), Error> {
    let about = paths
        .iter()
        .fold(Condition::any(), |any, part| any.add(idempotency_key::Column::Route.contains(part)));
    if paths.is_empty() {
        return Ok(());
    }
    let forget = idempotency_key::Entity::delete_many().filter(about);
    forget.exec(&**tx).await.step("forget answers about one's own").map(drop)
}

/// Answers kept for a person's own retries.
pub(super) async fn forget_own_answers(tx: &Tx, person: Uuid) -> Result<(), Error> {
    let own = idempotency_key::Entity::delete_many();
    let own = own.filter(idempotency_key::Column::ActorId.eq(person));
    own.exec(&**tx).await.step("forget a person's kept answers").map(drop)
}

/// Cards of their requests' tasks say something else afterwards: they get a newer version, and are shown again.
pub(super) async fn move_cards_on(
    tx: &Tx,
    state: &AppState,
    asked: &[Uuid],
) -> Result<Vec<Uuid>, Error> {
    let theirs = task::Column::RequestId.is_in(asked.iter().copied());
    task::Entity::update_many()
        .col_expr(task::Column::Ver, Expr::col(task::Column::Ver).add(1))
        .col_expr(task::Column::UpdatedAt, Expr::value(state.clock.now().ms()))
        .filter(theirs.clone())
        .exec(&**tx)
        .await
        .step("move the cards on")?;
    let tasks = task::Entity::find().filter(theirs).select_only().column(task::Column::Id);
    tasks.into_tuple().all(&**tx).await.step("read the tasks of one's requests")
}

async fn erase(tx: &Tx, state: &AppState, trace: &Trace, person: Uuid) -> Result<(), Error> {
    let table = Alias::new(&trace.table);
    let done = match trace.fate {
        Fate::Stays => return Ok(()),
        Fate::Goes => {
            let mut delete = Query::delete();
            delete.from_table(table).cond_where(trace.of(person));
            tx.execute(&delete).await
        }
        Fate::Bare => {
            let mut update = Query::update();
            update.table(table).cond_where(trace.of(person));
            for (column, blank) in &trace.blanks {
                update.value(Alias::new(column), value(state, *blank));
            }
            tx.execute(&update).await
        }
    };
    done.step("erase a person's traces").map(drop)
}

fn value(state: &AppState, blank: Blank) -> SimpleExpr {
    match blank {
        Blank::Null => Expr::null(),
        Blank::Empty => Expr::value(""),
        Blank::Words(words) => Expr::value(words),
        Blank::No => Expr::value(false),
        Blank::Now => Expr::value(state.clock.now().ms()),
    }
}
