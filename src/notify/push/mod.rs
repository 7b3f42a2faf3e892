//! 推送: messages to phones beside the inbox. The line in the inbox is the delivery; a message may be refused, and
//! often is.
//!
//! ```text
//! pending ─► sending ─► sent
//!    ▲          ├─► retry (failed for sure; again later)
//!    └── retry ◄┘
//!               ├─► refused (no grant, no account, too late: no fault, the inbox has it)
//!               ├─► dead    (WeChat will never take it; an operator looks)
//!               └─► unknown (it may have arrived; not sent again, unless the kind says better twice than never)
//! ```
//!
//! `queue` writes messages before, and puts them down in, the transaction of their notice; `pick` takes those whose turn it is (`turns`), with a fence
//! and a lease, and spends a grant for each; `send` calls WeChat with no transaction open and writes what came of it
//! under the fence; `verdict` says what each answer means, `settled` what WeChat tells
//! of a message later. Lanes and templates stand in `model`, texts in `message`.

mod act;
mod desk;
mod message;
mod model;
mod pick;
mod queue;
mod routes;
mod send;
mod settled;
mod templates;
mod turns;
mod verdict;

pub use model::{Lane, Ring, TemplateKind, ring};
pub use routes::configure;
pub use send::{Delivered, deliver, show_waiting};
pub use settled::told;
pub use templates::{faults, kind_of, refresh, settings_of};

pub(super) use queue::{Message, messages, queue};
