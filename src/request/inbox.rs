//! What waits: for the office, and for the one who asked.

use ::entity::request::RequestState::{
    self, Dispatched, Fulfilled, NeedsInfo, Reopened, Returned, Submitted,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    identity::{Resident, Scope},
    kernel::Error,
    platform::AppState,
};

use super::{
    store::{self, Filter},
    view::{self, RequestView},
};

/// Where the office still has something to do.
pub(super) const FOR_THE_OFFICE: [RequestState; 5] =
    [Submitted, NeedsInfo, Dispatched, Returned, Reopened];

/// How much waits in an office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Inbox {
    /// Not yet dispatched: new, returned or reopened.
    pub waiting: u64,
    /// Of these, behind the promise.
    pub overdue: u64,
}

/// What waits in the offices of the scope.
///
/// # Errors
/// When the database cannot be read.
pub async fn inbox(state: &AppState, scope: &Scope) -> Result<Inbox, Error> {
    let (db, now) = (state.db.read(), state.clock.now());
    let waiting = store::count_waiting(db, scope, None).await?;
    let overdue = store::count_waiting(db, scope, Some(now)).await?;
    Ok(Inbox { waiting, overdue })
}

/// The caller's own requests that are not over, newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn current_of(
    state: &AppState,
    me: &Resident,
    few: u64,
) -> Result<Vec<RequestView>, Error> {
    let states = vec![Submitted, NeedsInfo, Dispatched, Returned, Fulfilled, Reopened];
    let filter = Filter { states, limit: few, ..Filter::default() };
    let mut rows = store::list(state.db.read(), &me.own_scope(), filter).await?;
    rows.truncate(usize::try_from(few).unwrap_or(usize::MAX));
    view::many(state.db.read(), state, rows).await
}
