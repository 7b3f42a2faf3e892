//! 排名: how much was served in a month, by person or by team. Read-only, and off unless the org switches it on.
//!
//! Figures are of those who belong to the org or below it: every net minute, finished claim or point of the month,
//! wherever it was earned; corrected ones are marked. People are named only after they said yes (`PUT /me {ranked}`),
//! and by a veiled name to those who belong elsewhere; all others stand in the totals alone. A group smaller than the
//! org's least size is not shown. Equal figures share a place.
//!
//! Relies on `ledger` (what it enters), `org`, `identity`. Records nothing.

mod model;
pub mod routes;
mod store;
mod view;

use crate::platform::http::Kind;

pub const RANKING_OFF: Kind =
    Kind::new("ranking.off", 404, "这个组织没有开启排名", "Rankings are switched off here");

/// The problems of this room.
pub const PROBLEMS: &[Kind] = &[RANKING_OFF];
