//! A claim as the one who holds it, and the office, see it.

use std::collections::HashMap;

use ::entity::{
    claim::{CameBy, ClaimState, Model},
    task::{self, TaskState},
};
use entity::At;
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    dispatch::{self, Card, Contact, See, TaskView},
    identity::Scope,
    kernel::Error,
    platform::AppState,
    request,
};

use super::model::{holds_seat, said};

#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimView {
    pub id: Uuid,
    pub task_id: Uuid,
    pub person_id: Uuid,
    pub state: ClaimState,
    /// The state in people's words.
    pub state_text: &'static str,
    pub claimed_at: At,
    pub ended_at: Option<At>,
    pub checked_in_at: Option<At>,
    pub checked_out_at: Option<At>,
    /// The check-out was forgotten; the office looks at it.
    pub flagged: bool,
    pub came_by: Option<CameBy>,
    /// The check-in was made without signal and sent later.
    pub late_sent: bool,
    /// Came without a claim and was taken in on the spot.
    pub walk_in: bool,
    /// Whole minutes served, once confirmed.
    pub minutes: Option<i32>,
    /// The office arranged it.
    pub assigned: bool,
    /// The times were changed: until then one says again that one comes, or the seat goes to somebody else.
    pub reconfirm_by: Option<At>,
    pub task: Card,
}

impl ClaimView {
    pub(super) fn of(claim: Model, task: Card) -> Self {
        Self {
            id: claim.id,
            task_id: claim.task_id,
            person_id: claim.person_id,
            state: claim.state,
            state_text: said(claim.state),
            claimed_at: claim.claimed_at,
            ended_at: claim.ended_at,
            checked_in_at: claim.checked_in_at,
            checked_out_at: claim.checked_out_at,
            flagged: claim.flagged,
            came_by: claim.came_by,
            late_sent: claim.came_by == Some(CameBy::Late),
            walk_in: claim.walk_in,
            minutes: claim.minutes,
            assigned: claim.assigned_by.is_some(),
            reconfirm_by: claim.reconfirm_by,
            task,
        }
    }
}

/// A claim with its task's card.
pub(super) async fn one(
    db: &impl ConnectionTrait,
    claim: Model,
    task: task::Model,
) -> Result<ClaimView, Error> {
    let card = dispatch::cards(db, &[task]).await?.pop();
    Ok(ClaimView::of(claim, card.ok_or_else(|| Error::impossible("view a claim"))?))
}

/// Claims with their tasks' cards, in two queries.
pub(super) async fn many(
    db: &impl ConnectionTrait,
    claims: Vec<Model>,
) -> Result<Vec<ClaimView>, Error> {
    // The claims were found by scope; their tasks' cards are public to whoever holds them.
    let ids = claims.iter().map(|claim| claim.task_id).collect();
    let tasks = dispatch::by_ids(db, &Scope::house(), ids).await?;
    let cards = dispatch::cards(db, &tasks).await?;
    let cards: HashMap<Uuid, Card> = cards.into_iter().map(|card| (card.id, card)).collect();
    let with_card = |claim: Model| {
        let card = cards.get(&claim.task_id).cloned();
        Ok(ClaimView::of(claim, card.ok_or_else(|| Error::impossible("view the claims"))?))
    };
    claims.into_iter().map(with_card).collect()
}

/// How much of a task the holder of a claim sees: everything needed, until it is confirmed.
pub(super) fn see(task: &task::Model, claim: Option<&Model>) -> See {
    let open = |claim: &&Model| {
        let served = matches!(claim.state, ClaimState::Confirmed | ClaimState::NoShow);
        holds_seat(claim.state) && !served && task.state != TaskState::Confirmed
    };
    if claim.filter(open).is_some() { See::Claimant } else { See::Card }
}

/// A task's page with as much as `see` allows, the resident's contact included.
pub(super) async fn task_page(
    state: &AppState,
    task: task::Model,
    see: See,
) -> Result<TaskView, Error> {
    let db = state.db.read();
    let request_id = task.request_id.filter(|_| see != See::Card);
    let mut view = dispatch::view(db, state, task, see).await?;
    if let Some(request_id) = request_id
        && let Some(request) = request::find(db, &Scope::house(), request_id).await?
    {
        let (name, phone) = request::contact(db, state, &request).await?;
        view.contact = Some(Contact { name, phone });
    }
    Ok(view)
}
