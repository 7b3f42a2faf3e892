//! 审计: who did what with rights that are not everybody's: roles, reveals, exports, reviews, overrides, hours made
//! by hand. A line is written in the transaction it tells of, and each line holds the hash of the one before.
//!
//! `record` comes last in its transaction: it locks the head of the chain, and nobody should wait for that longer
//! than a commit takes.
//!
//! A new act: give it a name in `model.rs`, call `record` where it happens.

mod model;
mod write;

pub use model::{Act, Deed};
pub use write::record;
