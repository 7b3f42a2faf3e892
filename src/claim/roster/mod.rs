//! 名单: who comes to a task, for the office and the lead; on a screen, on paper, as a sheet; and the poster that
//! hangs at the place.

mod letters;
mod mini_code;
mod poster;
mod print;
pub mod routes;
mod sheet;

use std::collections::HashMap;

use ::entity::{
    At,
    claim::{CameBy, ClaimState, Model},
    task,
};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    claim::{
        absence::{self, Standing},
        model::said,
        store,
    },
    dispatch,
    identity::{Resident, Scope, people},
    kernel::Error,
    platform::{
        AppState,
        http::{Problem, problem::NOT_FOUND},
    },
    request::PersonRef,
};

/// One line of the roster.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterLine {
    pub claim_id: Uuid,
    pub person: PersonRef,
    /// `138****5678`
    pub phone: Option<String>,
    pub state: ClaimState,
    pub state_text: &'static str,
    pub claimed_at: At,
    pub checked_in_at: Option<At>,
    pub checked_out_at: Option<At>,
    pub came_by: Option<CameBy>,
    /// The check-in was made without signal and sent later; somebody looks at it before hours come of it.
    pub late_sent: bool,
    /// Came without a claim.
    pub walk_in: bool,
    /// The office arranged it.
    pub assigned: bool,
    /// Asked to say again that they come, until then.
    pub reconfirm_by: Option<At>,
    pub flagged: bool,
    pub minutes: Option<i32>,
    /// How an excuse stands, where there is an absence; for the office.
    pub absence: Option<Standing>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Roster {
    pub task_id: Uuid,
    pub slots: i32,
    pub filled: i32,
    pub items: Vec<RosterLine>,
}

/// A task of the caller's offices or that they lead, and who comes.
async fn staffed(
    state: &AppState,
    me: &Resident,
    id: Uuid,
) -> Result<(task::Model, Vec<RosterLine>), Problem> {
    let (db, scope) = (state.db.read(), me.scope());
    let task = dispatch::find_for_staff(db, &scope, id).await?.ok_or(NOT_FOUND)?;
    let claims = store::on_task(db, &scope, id).await?;
    let lines = lines(db, state, &scope, claims).await?;
    Ok((task, lines))
}

/// Who comes, for the office and the lead.
pub async fn roster(state: &AppState, me: &Resident, id: Uuid) -> Result<Roster, Problem> {
    let (task, items) = staffed(state, me, id).await?;
    Ok(Roster { task_id: id, slots: task.slots, filled: task.used, items })
}

/// The line of one claim that was just made.
pub(super) async fn line(
    db: &impl ConnectionTrait,
    state: &AppState,
    claim: Model,
) -> Result<RosterLine, Error> {
    let line = lines(db, state, &Scope::house(), vec![claim]).await?.pop();
    line.ok_or_else(|| Error::impossible("write a roster line"))
}

/// Lines with names, phones and excuses, each read in one query.
async fn lines(
    db: &impl ConnectionTrait,
    state: &AppState,
    scope: &Scope,
    claims: Vec<Model>,
) -> Result<Vec<RosterLine>, Error> {
    let people_ids: Vec<_> = claims.iter().map(|claim| claim.person_id).collect();
    let names = people::names(db, people_ids.iter().copied()).await?;
    let phones: HashMap<Uuid, String> = people::masked_phones(db, state, people_ids).await?;
    let ids = claims.iter().map(|claim| claim.id).collect();
    let standings = absence::standings(db, scope, ids).await?;
    let line = |claim: Model| RosterLine {
        claim_id: claim.id,
        person: PersonRef {
            id: claim.person_id,
            name: names.get(&claim.person_id).cloned().unwrap_or_default(),
        },
        phone: phones.get(&claim.person_id).cloned(),
        state: claim.state,
        state_text: said(claim.state),
        claimed_at: claim.claimed_at,
        checked_in_at: claim.checked_in_at,
        checked_out_at: claim.checked_out_at,
        came_by: claim.came_by,
        late_sent: claim.came_by == Some(CameBy::Late),
        walk_in: claim.walk_in,
        assigned: claim.assigned_by.is_some(),
        reconfirm_by: claim.reconfirm_by,
        flagged: claim.flagged,
        minutes: claim.minutes,
        absence: standings.get(&claim.id).copied(),
    };
    Ok(claims.into_iter().map(line).collect())
}
