//! 账本: hours served, append-only. An entry comes from a claim that was checked in and out; nobody types one in.
//!
//! Other rooms name their source by id: `award(&tx, …, claim_id, …)`. One entry per claim and kind, guarded by the
//! table. Relies on `identity` alone and records no facts: the room that awards does.

mod hours;
mod member_hours;
pub mod routes;

pub use hours::{Service, Totals, award, totals};
