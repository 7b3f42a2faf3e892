//! A task's page: what one sees depends on what one has claimed and which office one belongs to.

use std::collections::HashMap;

use ::entity::{
    claim::ClaimState,
    offer,
    task::{self, TaskState},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    content::{self, photo},
    dispatch::{self, See, TaskView, cards},
    file::{self, Attached, FileView},
    identity::{Resident, Scope},
    kernel::Error,
    org,
    platform::{
        AppState,
        http::{Problem, problem::NOT_FOUND},
    },
    request,
};

use super::{
    asked, facts, finish,
    model::{judge, open_on},
    offer_view::{Offered, WaitPlace},
    pool::Why,
    presence::{Voucher, voucher},
    queue,
    refusal::Refusal,
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
    /// My claim can be given back now, by itself.
    pub may_leave: bool,
    /// The report is mine to write now: I lead, or I am of the office.
    pub may_report: bool,
    /// How many wait for a seat.
    pub waiting: u64,
    /// Nothing but the missing seat is against a claim: one may wait for it.
    pub can_wait: bool,
    /// My place in the queue, if I wait.
    pub my_place: Option<WaitPlace>,
    /// The seat that is kept for me, and until when.
    pub my_offer: Option<Offered>,
    /// 为什么推荐您: why I was asked to come; null: I was not.
    #[schema(example = "您会急救；服务地点走路能到（1.5 公里以内）")]
    pub why_you: Option<String>,
    /// With my claim, from two days before the start: for checking in where there is no signal.
    pub offline: Option<Voucher>,
    /// What was photographed for the report; for claimants and the office.
    pub report_photos: Vec<FileView>,
    /// What the resident photographed, for the office and for those who come, until it is confirmed.
    pub request_photos: Vec<FileView>,
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
    let mine = (id, me.id());
    let place = queue::place(db, &me.own_scope(), mine).await?;
    let offer = queue::live_for(db, &me.own_scope(), mine).await?;
    let refusal = refusal(state, me, &task, claim.is_some(), offer.as_ref()).await?;
    let now = state.clock.now();
    let active = claim.as_ref().is_some_and(|claim| claim.state == ClaimState::Active);
    let may_leave = active && now <= task.leave_until;
    let may_report =
        staff && task.state == TaskState::Open && finish::anybody_came(db, &me.scope(), id).await?;
    let see = if staff { See::Staff } else { see(&task, claim.as_ref()) };
    let offline = claim.as_ref().and_then(|claim| voucher(state, claim, &task));
    let mut photos = match see {
        See::Card => HashMap::new(),
        See::Claimant => photo::passed_views(db, state, me.id(), (Attached::Report, &[id])).await?,
        See::Staff => file::views(db, state, Attached::Report, &[id]).await?,
    };
    let request_photos = match task.request_id.filter(|_| see != See::Card) {
        Some(request) => request::photos(db, state, me.id(), request).await?,
        None => vec![],
    };
    let held = see == See::Claimant && content::gate(db, id).await?.is_err();
    let mut view = task_page(state, task, see).await?;
    view.report = view.report.filter(|_| !held);
    Ok(TaskPage {
        request_photos,
        task: view,
        can_claim: refusal.is_none(),
        can_wait: place.is_none() && refusal.as_ref().is_some_and(Refusal::is_of_seats),
        refusal: refusal.map(|why| Why { code: why.kind().code, message: why.zh() }),
        may_leave,
        may_report,
        claim_id: claim.as_ref().map(|claim| claim.id),
        claim_state: claim.map(|claim| claim.state),
        waiting: queue::length(db, &me.scope(), id).await?,
        my_place: WaitPlace::of(db, &me.own_scope(), place).await?,
        my_offer: offer.map(|offer| Offered::of(&offer)),
        why_you: asked::why_me(db, &me.own_scope(), id).await?,
        offline,
        report_photos: photos.remove(&id).unwrap_or_default(),
    })
}

async fn refusal(
    state: &AppState,
    me: &Resident,
    task: &task::Model,
    held: bool,
    offer: Option<&offer::Model>,
) -> Result<Option<Refusal>, Error> {
    if held {
        return Ok(Some(Refusal::AlreadyClaimed));
    }
    let (db, now) = (state.db.read(), state.clock.now());
    let mut card = cards(db, std::slice::from_ref(task)).await?.remove(0);
    open_on(&mut card, offer, now);
    let rules = org::settings_of(db, [task.org_id]).await?.remove(&task.org_id);
    let member = facts::member(db, me.id(), now).await?;
    Ok(judge(&card, &member, &rules.unwrap_or_default(), now).err())
}
