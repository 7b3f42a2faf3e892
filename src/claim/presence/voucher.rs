//! 离线凭证: what a claimant's phone carries to a place without signal.
//!
//! The task's page hands it out from two days before the start. It is a MAC over the claim and the hour it was
//! handed out in, so that only the holder of this claim, and only with a page opened before, can send a check-in
//! later. It does not prove the place: that is the code's part, as for everybody else.

use std::time::Duration;

use ::entity::{
    At,
    claim::{ClaimState, Model},
    task::{self, TaskState},
};
use serde::Serialize;
use subtle::ConstantTimeEq;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::platform::AppState;

/// Handed out this long before the start, at the earliest.
const BEFORE: Duration = Duration::from_secs(48 * 3600);
const HOUR_MS: i64 = 3_600_000;

/// For a place without signal: keep it with the code and the time, send all three when there is signal again.
#[derive(Debug, Serialize, ToSchema)]
pub struct Voucher {
    /// Goes into `proof` of the check-in.
    pub proof: String,
    /// It serves for moments up to then: the task's end.
    pub until: At,
}

fn mac(state: &AppState, claim: Uuid, issued: i64) -> String {
    state.crypto.blind_index("claim.voucher", &format!("{claim}|{issued}"))
}

/// The voucher of a claim, where it is time for one. The same all through an hour, so that a page stays the same.
pub fn voucher(state: &AppState, claim: &Model, task: &task::Model) -> Option<Voucher> {
    let now = state.clock.now();
    let due = task.starts_at.minus(BEFORE) <= now && now <= task.ends_at;
    if claim.state != ClaimState::Active || task.state != TaskState::Open || !due {
        return None;
    }
    let issued = now.ms() - now.ms().rem_euclid(HOUR_MS);
    let proof = format!("{issued}.{}", mac(state, claim.id, issued));
    Some(Voucher { proof, until: task.ends_at })
}

/// Whether it was handed out for this claim, in time, and before the moment it vouches for.
pub(super) fn is_genuine(
    state: &AppState,
    claim: &Model,
    task: &task::Model,
    proof: &str,
    taken_at: At,
) -> bool {
    let Some((issued, given)) = proof.split_once('.') else { return false };
    let Ok(issued) = issued.parse::<i64>() else { return false };
    // The hour began up to an hour before it was handed out.
    let earliest = task.starts_at.minus(BEFORE).ms() - HOUR_MS;
    let timely = earliest <= issued && issued <= taken_at.ms();
    let right = mac(state, claim.id, issued);
    timely && bool::from(right.as_bytes().ct_eq(given.as_bytes()))
}
