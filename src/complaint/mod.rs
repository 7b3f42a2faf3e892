//! 减负投诉: people say where an org burdens them with formalism, and the org above it answers.
//!
//! ```text
//! open ─► answered (once)
//! ```
//!
//! The org complained about never sees it here, signed or not: a complaint lies with the org right above, so only
//! those whose role reaches from there or higher read it. An anonymous one shows its writer to nobody; the row keeps
//! whose it is, so that the writer can read the answer. Words and answers rest sealed.
//!
//! Relies on `org` and `identity`; answers are audited. Records no facts.

mod answer;
mod post;
pub mod routes;
mod store;
mod view;
