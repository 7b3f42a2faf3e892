//! 首页: what fills the first screen, in one call. Read-only: it asks each room of the story for its few lines.
//!
//! Beside it stands what two rooms can only say together: how many of a task can be reached (`reach`), whose political
//! birthday a theme day celebrates (`celebration`).
//!
//! Relies on `request`, `claim`, `notify`, `themeday`, `birthday`, `identity`; records nothing.

mod celebration;
mod reach;
pub mod routes;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    claim::{self, ClaimView, PoolCard, Pools},
    identity::{self, Resident, UserView},
    notify,
    platform::{AppState, http::Problem},
    request::{self, Inbox, RequestView},
};

/// Lines of each kind.
const FEW: u64 = 5;

/// The first screen.
#[derive(Debug, Serialize, ToSchema)]
pub struct HomeView {
    pub user: UserView,
    /// What the pools offer me, soonest first; each says whether I can take it.
    pub offered: Vec<PoolCard>,
    /// Where I am expected next.
    pub next: Vec<ClaimView>,
    /// My requests that are not over.
    pub requests: Vec<RequestView>,
    /// Lines in my inbox that I have not read.
    pub unread: u64,
    /// For dispatchers: what waits in the office.
    pub inbox: Option<Inbox>,
}

/// Everything at once.
///
/// # Errors
/// When the database cannot be read.
pub async fn home(state: &AppState, pools: &Pools, me: &Resident) -> Result<HomeView, Problem> {
    let office = me.as_dispatcher();
    let inbox = async {
        match &office {
            Some(office) => request::inbox(state, &office.scope()).await.map(Some),
            None => Ok(None),
        }
    };
    let own = me.own_scope();
    let (user, next, requests, unread, inbox) = tokio::try_join!(
        identity::profile(state, me.id()),
        claim::next_of(state, me, FEW),
        request::current_of(state, me, FEW),
        notify::unread(state.db.read(), &own),
        inbox,
    )?;
    let offered = claim::offered_to(state, pools, me, FEW).await?;
    Ok(HomeView { user, offered, next, requests, unread, inbox })
}
