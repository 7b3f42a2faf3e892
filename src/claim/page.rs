//! A task's page and its roster: what one sees depends on what one has claimed and which office one belongs to.

use ::entity::{claim::ClaimState, task};
use entity::At;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    dispatch::{self, See, TaskView, cards},
    file::FileView,
    identity::{Resident, Scope, people},
    kernel::Error,
    org,
    platform::{
        AppState,
        http::{Problem, problem::NOT_FOUND},
    },
    request::{self, PersonRef},
};

use super::{
    facts,
    model::{Refusal, judge, said},
    pool::Why,
    store,
    view::{see, task_page},
};

/// A task, and what it means for the one who looks.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskPage {
    #[serde(flatten)]
    pub task: TaskView,
    pub can_claim: bool,
    pub refusal: Option<Why>,
    /// My claim on it, if I hold a seat.
    pub claim_id: Option<Uuid>,
    pub claim_state: Option<ClaimState>,
    /// What the resident photographed, for the office and for those who come, until it is confirmed.
    pub request_photos: Vec<FileView>,
}

/// One line of the roster.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterLine {
    pub claim_id: Uuid,
    pub person: PersonRef,
    pub state: ClaimState,
    pub state_text: &'static str,
    pub claimed_at: At,
    pub checked_in_at: Option<At>,
    pub checked_out_at: Option<At>,
    pub flagged: bool,
    pub minutes: Option<i32>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Roster {
    pub task_id: Uuid,
    pub slots: i32,
    pub filled: i32,
    pub items: Vec<RosterLine>,
}

/// A task the caller may know of: through a pool, a claim, a lead or an office.
async fn known(state: &AppState, me: &Resident, id: Uuid) -> Result<task::Model, Problem> {
    let db = state.db.read();
    if let Some(task) = dispatch::find(db, &me.scope(), id).await? {
        return Ok(task);
    }
    // One's own claim keeps the task in sight after leaving the org.
    let held = store::seat_of(db, &me.own_scope(), id).await?.is_some();
    let task = if held { dispatch::find(db, &Scope::house(), id).await? } else { None };
    task.ok_or_else(|| NOT_FOUND.into())
}

/// The page of a task.
pub async fn page(state: &AppState, me: &Resident, id: Uuid) -> Result<TaskPage, Problem> {
    let task = known(state, me, id).await?;
    let db = state.db.read();
    let claim = store::seat_of(db, &me.own_scope(), id).await?;
    let staff = dispatch::find_for_staff(db, &me.scope(), id).await?.is_some();
    let see = if staff { See::Staff } else { see(claim.as_ref()) };
    let refusal = refusal(state, me, &task, claim.is_some()).await?;
    let request_photos = match task.request_id.filter(|_| see != See::Card) {
        Some(request) => request::photos(db, state, request).await?,
        None => vec![],
    };
    Ok(TaskPage {
        request_photos,
        task: task_page(state, task, see).await?,
        can_claim: refusal.is_none(),
        refusal: refusal.map(|why| Why { code: why.kind().code, message: why.zh() }),
        claim_id: claim.as_ref().map(|claim| claim.id),
        claim_state: claim.map(|claim| claim.state),
    })
}

async fn refusal(
    state: &AppState,
    me: &Resident,
    task: &task::Model,
    held: bool,
) -> Result<Option<Refusal>, Error> {
    if held {
        return Ok(Some(Refusal::AlreadyClaimed));
    }
    let db = state.db.read();
    let card = cards(db, std::slice::from_ref(task)).await?.remove(0);
    let rules = org::settings_of(db, [task.org_id]).await?.remove(&task.org_id);
    let member = facts::member(db, me.id()).await?;
    Ok(judge(&card, &member, &rules.unwrap_or_default(), state.clock.now()).err())
}

/// Who comes, for the office and the lead.
pub async fn roster(state: &AppState, me: &Resident, id: Uuid) -> Result<Roster, Problem> {
    let db = state.db.read();
    let scope = me.scope();
    let task = dispatch::find_for_staff(db, &scope, id).await?.ok_or(NOT_FOUND)?;
    let claims = store::on_task(db, &scope, id).await?;
    let names = people::names(db, claims.iter().map(|claim| claim.person_id)).await?;
    let items = claims.into_iter().map(|claim| RosterLine {
        claim_id: claim.id,
        person: PersonRef {
            id: claim.person_id,
            name: names.get(&claim.person_id).cloned().unwrap_or_default(),
        },
        state: claim.state,
        state_text: said(claim.state),
        claimed_at: claim.claimed_at,
        checked_in_at: claim.checked_in_at,
        checked_out_at: claim.checked_out_at,
        flagged: claim.flagged,
        minutes: claim.minutes,
    });
    Ok(Roster { task_id: id, slots: task.slots, filled: task.used, items: items.collect() })
}
