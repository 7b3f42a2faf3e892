//! WeChat's message push, as far as it can be read without asking anybody: who signed it, what is inside, what it
//! says. Pure functions; the receiver is `letterbox` on the roof.
//!
//! In safe mode only `msg_signature` vouches for a body (`signature` covers none of it), so it is checked in constant
//! time before anything is decrypted.

mod body;
mod codec;
mod event;
mod xml;

pub use body::Told;
pub use codec::{PushFault, PushKeys};
pub use event::{Answered, Media, PushEvent, Sent};
