//! Checking in for oneself: by the code shown at the place, by the place, or later where there was no signal.

use std::time::Duration;

use ::entity::{
    At,
    claim::{CameBy, ClaimState, Model},
    task::{self, TaskState},
};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::{identity::Resident, kernel::place::metres, org, platform::AppState};

use super::{
    Arrival, PresenceError, arrive, close_presence, locked, voucher::is_genuine, window, within,
};

/// Until when a check-in made without signal may be sent.
const LATEST: Duration = Duration::from_secs(24 * 3600);
/// By how much a phone's clock may be ahead.
const AHEAD: Duration = Duration::from_secs(120);

/// What somebody shows for being there.
#[derive(Debug)]
pub enum Shown {
    /// The code of the place.
    Code(String),
    /// Where the phone is; GCJ-02, degrees. Compared and forgotten.
    Place { lat: f64, lng: f64 },
    /// What the phone kept while it had no signal.
    Kept { code: String, taken_at: At, proof: String },
}

impl Shown {
    fn is_kept_at(&self, at: Option<At>) -> bool {
        matches!(self, Self::Kept { taken_at, .. } if Some(*taken_at) == at)
    }
}

/// Checks in. Once in, asking again changes nothing.
///
/// # Errors
/// `OutsideWindow` before half an hour ahead of the start or after the end; `WrongCode`; `PlaceOff`, `NotHere`;
/// `TooLate`; `WrongState`.
pub async fn check_in(
    state: &AppState,
    me: &Resident,
    id: Uuid,
    shown: Shown,
) -> Result<(Model, task::Model), PresenceError> {
    let tx = state.db.write().await?;
    let (claim, task) = locked(&tx, me, id).await?;
    match claim.state {
        ClaimState::CheckedIn => return Ok((claim, task)),
        // Sent again, because the answer was lost.
        ClaimState::CheckedOut if shown.is_kept_at(claim.checked_in_at) => {
            return Ok((claim, task));
        }
        ClaimState::Active => {}
        other => return Err(PresenceError::WrongState(other)),
    }
    let now = state.clock.now();
    let (at, by) = match shown {
        Shown::Code(code) => {
            within(&task, now)?;
            right_code(&task, &code)?;
            (now, CameBy::Code)
        }
        Shown::Place { lat, lng } => {
            within(&task, now)?;
            let rules = org::settings_of(&*tx, [task.org_id]).await?.remove(&task.org_id);
            at_the_place(&task, (lat, lng), &rules.unwrap_or_default())?;
            (now, CameBy::Place)
        }
        Shown::Kept { code, taken_at, proof } => {
            (kept(state, &claim, &task, (&code, taken_at, &proof))?, CameBy::Late)
        }
    };
    let arrival = Arrival { at, by, actor: me.id() };
    let mut claim = arrive(&tx, state, &task, claim, arrival).await?;
    if task.state == TaskState::Reported {
        claim = close_presence(&tx, state, &task, claim).await?;
    }
    tx.commit().await?;
    Ok((claim, task))
}

fn right_code(task: &task::Model, code: &str) -> Result<(), PresenceError> {
    let given = code.trim().to_uppercase();
    if bool::from(given.as_bytes().ct_eq(task.check_in_code.as_bytes())) {
        return Ok(());
    }
    Err(PresenceError::WrongCode)
}

/// Within the org's radius of the task's place, where the org allows it and the task has one.
fn at_the_place(
    task: &task::Model,
    phone: (f64, f64),
    rules: &org::OrgSettings,
) -> Result<(), PresenceError> {
    let place = task.lat.zip(task.lng).filter(|_| rules.check_in_by_place);
    let place = place.ok_or(PresenceError::PlaceOff)?;
    let radius_m = rules.check_in_radius_m;
    if metres(place, phone) > i64::from(radius_m) {
        return Err(PresenceError::NotHere { radius_m });
    }
    Ok(())
}

/// The moment a phone kept, if everything about it can be: the voucher is this claim's and was fetched before, the
/// moment lies in the window and not in the future, and it is not too late to send it.
fn kept(
    state: &AppState,
    claim: &Model,
    task: &task::Model,
    (code, taken_at, proof): (&str, At, &str),
) -> Result<At, PresenceError> {
    let now = state.clock.now();
    let until = task.ends_at.plus(LATEST);
    if now > until {
        return Err(PresenceError::TooLate { until });
    }
    let (from, to) = window(task);
    let open = matches!(task.state, TaskState::Open | TaskState::Reported);
    if !open || taken_at < from || to < taken_at || taken_at > now.plus(AHEAD) {
        return Err(PresenceError::OutsideWindow { from, to });
    }
    if !is_genuine(state, claim, task, proof, taken_at) {
        let zh = "离线凭证不对，请联系现场负责人签到";
        let fault = super::fault("proof", "value", zh, "Not a voucher of this claim");
        return Err(PresenceError::Field(fault));
    }
    right_code(task, code)?;
    Ok(taken_at.min(now))
}
