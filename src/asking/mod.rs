//! 请谁来: the office looks for people by reasons it can see. What is known of people is
//! gathered here, in as many queries for many as for one; who suits best is `matching`'s to say, and whether somebody may
//! take a seat at all is `claim`'s.
//!
//! ```text
//! task ─► candidates (its ring) ─► facts ─► matching::rank ─► 建议人选, each with reasons; and why not the others
//! ```
//!
//! A task that does not fill goes further (`widen`), by the clock or by the office's hand, and at last the office is
//! asked to call. Meanwhile people are asked wave by wave (`wave`), the fewest that are likely to fill it.
//!
//! Records `TaskWidened`, `TaskCallsDue` and `TaskAsked` through `dispatch`; all else it reads. Relies on `matching`, `claim`, `dispatch`, `notify`, `org`, `identity`.

mod candidates;
mod facts;
pub mod routes;
mod suggest;
mod wave;
mod widen;

pub use wave::ask_due;
pub use widen::{Looked, widen_due};
