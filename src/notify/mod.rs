//! 通知: what each person must be told. The line in their inbox is the delivery, exactly once; whatever else rings
//! a phone stands beside it and may fail.
//!
//! A room of the story records a fact; the roof decides who hears of it (`telling.rs`) and hands the notices over in
//! the transaction that marks the fact as handled. A notice is known by what happened and for whom, so saying it
//! twice changes nothing. What very many hear is told in chunks (`crowd`).
//!
//! Relies on `identity` and `org`. A new notice: add its kind in `model.rs`, its words in `words.rs`, whether it rings
//! phones in `push/model.rs`, and its hearers in `telling.rs`.

pub mod crowd;
pub mod grants;
mod model;
pub mod push;
pub mod routes;
mod store;
mod tell;
mod view;
mod words;

pub use model::Subject;
pub use store::unread;
pub use tell::{Letters, Notice, deliver, tell, write};
pub use words::Matter;
