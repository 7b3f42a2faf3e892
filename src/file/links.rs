//! Links to photos: signed for one photo and one size, good for some minutes. A link in a view is the right to see.

use std::time::Duration;

use ::entity::At;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::platform::AppState;

use super::model::Size;

/// Links made within one stretch are the same, so that a phone's cache finds them again.
const STRETCH: Duration = Duration::from_secs(300);
/// WeChat fetches a photo within half an hour of being asked to look at it.
const LASTING: Duration = Duration::from_secs(40 * 60);

/// A link lives from one to two stretches: five to ten minutes.
fn until(now: At) -> At {
    let stretch = i64::try_from(STRETCH.as_millis()).unwrap_or(i64::MAX);
    At((now.ms().div_euclid(stretch) + 2) * stretch)
}

fn signature(state: &AppState, id: Uuid, size: Size, until: i64) -> String {
    state.crypto.blind_index("file.link", &format!("{id}|{}|{until}", size.name()))
}

fn path(state: &AppState, id: Uuid, size: Size) -> String {
    let home = state.settings.http.public_url.trim_end_matches('/');
    format!("{home}/api/v1/files/{id}?size={}", size.name())
}

/// A link that shows the photo to whoever has it, for a while.
pub(super) fn signed(state: &AppState, id: Uuid, size: Size) -> String {
    until_then(state, id, size, until(state.clock.now()))
}

/// A link to the large picture for WeChat, good for forty minutes.
pub fn lasting_link(state: &AppState, id: Uuid) -> String {
    until_then(state, id, Size::Full, state.clock.now().plus(LASTING))
}

fn until_then(state: &AppState, id: Uuid, size: Size, until: At) -> String {
    let until = until.ms();
    let signature = signature(state, id, size, until);
    format!("{}&until={until}&sig={signature}", path(state, id, size))
}

/// A link to what is public anyway.
pub(super) fn open(state: &AppState, id: Uuid, size: Size) -> String {
    path(state, id, size)
}

/// Whether this is a link we made for this photo and size, and still good.
pub(super) fn holds(state: &AppState, id: Uuid, size: Size, until: i64, given: &str) -> bool {
    let ours = signature(state, id, size, until);
    bool::from(ours.as_bytes().ct_eq(given.as_bytes())) && state.clock.now().ms() < until
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_link_lives_five_to_ten_minutes(now in 0..4_000_000_000_000_i64) {
            let left = until(At(now)).ms() - now;
            prop_assert!((300_000..=600_000).contains(&left), "{left}");
        }
    }
}
