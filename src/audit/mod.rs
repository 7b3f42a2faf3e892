//! 审计: who did what with rights that are not everybody's: roles, reveals, exports, reviews, overrides, hours made
//! by hand. A line is written in the transaction it tells of, and each line holds the hash of the one before.
//!
//! `record` comes last in its transaction: it locks the head of the chain, and nobody should wait for that longer
//! than a commit takes.
//!
//! `verify` walks the chain and names the first line that is not what it was. Whoever may write to the database could
//! write a whole new chain, so its head is signed and kept elsewhere once an hour (`head`).
//!
//! A new act: give it a name in `model.rs`, call `record` where it happens.

mod head;
mod list;
mod model;
mod verify;
mod write;

pub use head::{SignedHead, keep as keep_head, sign as sign_head};
pub use list::{Filter, list};
pub use model::{Act, Deed};
pub use verify::{Fault, Verdict, against, verify};
pub use write::record;
