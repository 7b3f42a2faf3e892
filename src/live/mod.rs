//! 实时画面: screens that stay open hear that something changed, and read it again. A WebSocket for each screen and one
//! org; what is sent is a kind and an id, so that nothing of anybody is in it.
//!
//! ```text
//! fact handled ─► told ─► Redis `linli:events` ─► every replica's hub ─► the ears of that org ─► sockets
//!                         without Redis: a replica with listeners looks into the facts once a second
//! ```
//!
//! Nothing is lost when news are: screens also ask by themselves from time to time. A reader that does not keep up is
//! dropped (4408), a session that ended too (4401); both come again.
//!
//! Relies on `org` and `identity`.

mod feed;
mod news;
pub mod routes;
mod socket;

pub use feed::follow;
pub use news::{CHANNEL, told};

use crate::platform::http::Kind;

pub const LIVE_FULL: Kind = Kind::new(
    "live.full",
    503,
    "实时连接已满，页面会隔一会儿自己刷新",
    "No more live connections; pages refresh by themselves",
);

pub const LIVE_UPGRADE: Kind =
    Kind::new("live.upgrade", 426, "这个地址要用 WebSocket 来连", "This address is for WebSockets");

/// Every kind of problem of this room.
pub const PROBLEMS: &[Kind] = &[LIVE_FULL, LIVE_UPGRADE];
