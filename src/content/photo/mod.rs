//! 图片核对: photos of requests, reports and stories are looked at before strangers see them.
//!
//! ```text
//! attached ─► pending (WeChat fetches it) ─► passed | refused | review ─► passed | refused, by a second person
//!        └──► review (nobody to ask)            no word in 35 minutes, or it could not be fetched ─► review
//!                                               another version by now ─► expired, and the new one is asked about
//! ```
//!
//! `ask` is the round that compares the photos attached with what was looked at; nothing is held while WeChat is
//! asked. Its verdict comes by push (`hear`), perhaps before our own row knows the number it comes under: then it is
//! parked, and the round brings the two together. The first verdict counts, and what people decided stands.
//!
//! Where WeChat was not asked at all (it is switched off, or whoever uploaded has no account there) the second person
//! who handles what the photo belongs to is the one who looks: `look`.
//!
//! Photos of theme days are the branch's own, and reviewed with its record; they are not asked about.

mod ask;
mod decide;
mod hear;
mod look;
mod store;

pub use ask::ask;
pub use hear::hear;
pub use look::{look, passed_views};

pub(super) use decide::{REASON, decide};
pub(super) use store::{Filter, list};

use std::time::Duration;

use crate::platform::{
    AppState,
    http::{Kind, Problem},
};

use super::Mark;

/// WeChat answers within half an hour; what waits longer waits for people.
const PATIENCE: Duration = Duration::from_secs(35 * 60);

pub const PHOTOS_PENDING: Kind = Kind::new(
    "content.photos_pending",
    409,
    "有照片还在核对，通过后才能继续",
    "Some of its photos are still being looked at",
);
pub const PHOTOS_REFUSED: Kind = Kind::new(
    "content.photos_refused",
    409,
    "有照片没有通过核对，请换掉后再提交",
    "Some of its photos did not pass: replace them",
);

/// Photos that keep something from going further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("photos are {0:?}")]
pub struct HeldPhotos(pub Mark);

impl From<HeldPhotos> for Problem {
    fn from(held: HeldPhotos) -> Self {
        match held.0 {
            Mark::Pending => PHOTOS_PENDING.into(),
            Mark::Refused => PHOTOS_REFUSED.into(),
        }
    }
}

/// Whether this installation has WeChat look: it must be able to fetch a photo from us and to tell us what it found.
fn by_wechat(state: &AppState) -> bool {
    let (wechat, home) = (&state.settings.wechat, &state.settings.http.public_url);
    wechat.check_photos && !home.is_empty() && !wechat.push_token.is_empty()
}
