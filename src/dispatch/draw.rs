//! 抽签, as a task is written: until when people sign up, and the seed, whose hash is published before anybody has.

use ::entity::task::ActiveModel;
use entity::At;
use sea_orm::ActiveValue::Set;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::platform::{AppState, http::problem::FieldFault};

use super::{form::Times, post::fault};

/// Letters and digits of a seed: over 120 bits.
const SEED: usize = 26;

/// The time of a draw lies while people may claim, so that who is drawn can.
///
/// # Errors
/// A fault of `draw_at`.
pub(super) fn settle(draw_at: Option<At>, times: &Times, named: bool) -> Result<(), FieldFault> {
    let Some(at) = draw_at else { return Ok(()) };
    if named {
        let zh = "点名的任务不抽签";
        return Err(fault("draw_at", "value", zh, "Named people are not drawn"));
    }
    if at <= times.opens_at || at >= times.claim_until {
        let zh = "抽签要在开放报名之后、接单截止之前";
        return Err(fault("draw_at", "time", zh, "While people may claim"));
    }
    Ok(())
}

/// The draw of a task, with a seed nobody knows.
pub(super) fn prepare(state: &AppState, task: Uuid, draw_at: Option<At>) -> ActiveModel {
    let seed = state.rng.code(SEED);
    let hash: String = Sha256::digest(&seed).iter().map(|byte| format!("{byte:02x}")).collect();
    let sealed = state.crypto.seal("task.draw_seed", task, &seed);
    ActiveModel {
        draw_at: Set(draw_at),
        drawn_at: Set(None),
        draw_seed: Set(draw_at.map(|_| sealed)),
        draw_commitment: Set(draw_at.map(|_| hash)),
        draw_digest: Set(None),
        ..Default::default()
    }
}
