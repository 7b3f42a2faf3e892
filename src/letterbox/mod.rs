//! 微信推送的信箱: WeChat tells us things by POST and waits five seconds. The door checks that it is WeChat who speaks
//! (`gate`), puts what was told on the shelf (`shelf`) and answers `success` at once; a round (`round`) takes it from
//! there, and `pushed.rs` says what follows.
//!
//! What is on the shelf is sealed, for it names people, and erased in the transaction that sees to it; its hash stays
//! for a day, so that the same told again, as WeChat does when it missed an answer, happens once. Nothing here logs a
//! body, a query or an openid. Whoever is not WeChat gets a bare 403, whatever was wrong.

mod door;
mod gate;
mod round;
mod shelf;

pub use door::configure;
pub use round::look;
pub use shelf::stuck;
