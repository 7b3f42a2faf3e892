//! Whether photos may go further, and a second person's look where WeChat was never asked.

use std::collections::HashMap;

use ::entity::{
    file_use::Attached,
    media_check::{MediaState, Model},
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{
    file::{self, FileView},
    identity::people,
    kernel::Error,
    platform::{AppState, Tx},
};

use super::{HeldPhotos, Mark, PATIENCE, by_wechat, store, store::Photo};

/// A person who handles a row has seen its photos: those of others that WeChat was never asked about pass in their
/// name, in the caller's transaction; so do those it should have been asked about long ago. Answers whether all of the
/// row's photos have passed now: nobody refuses one of them before the caller's transaction ends.
///
/// # Errors
/// When rows cannot be read or kept.
pub async fn look(
    tx: &Tx,
    state: &AppState,
    by: Uuid,
    kind: Attached,
    owner: Uuid,
) -> Result<Result<(), HeldPhotos>, Error> {
    let photos = store::of_owner(&**tx, kind, owner).await?;
    let known = store::checks(tx, photos.iter().map(|photo| photo.id)).await?;
    let mut seen = Vec::new();
    for photo in photos.iter().filter(|photo| photo.person_id != by) {
        if check_of(&known, photo).is_none() && is_ours(state, tx, photo).await? {
            store::enter(tx, state, photo, false).await?;
        }
        seen.push(photo.id);
    }
    store::pass_seen(tx, seen, by, state.clock.now()).await?;
    let known = store::checks(tx, photos.iter().map(|photo| photo.id)).await?;
    let marks = photos.iter().filter_map(|photo| match check_of(&known, photo) {
        Some(MediaState::Passed) => None,
        Some(MediaState::Refused) => Some(Mark::Refused),
        Some(_) | None => Some(Mark::Pending),
    });
    let worst = marks.max_by_key(|mark| *mark == Mark::Refused);
    Ok(worst.map_or(Ok(()), |mark| Err(HeldPhotos(mark))))
}

fn check_of(known: &[Model], photo: &Photo) -> Option<MediaState> {
    let same = |row: &&Model| row.object_id == photo.id && row.object_version == photo.digest;
    known.iter().find(same).map(|row| row.state)
}

/// Whether nobody but people will look at it: WeChat cannot be asked, or the round stood still when it should have.
async fn is_ours(state: &AppState, tx: &Tx, photo: &Photo) -> Result<bool, Error> {
    let missed = photo.since < state.clock.now().minus(PATIENCE);
    Ok(missed
        || !by_wechat(state)
        || people::openid(&**tx, state, photo.person_id).await?.is_none())
}

/// The photos of rows as those see them who do not look at them: what has passed, and what `viewer` uploaded.
///
/// # Errors
/// When they cannot be read.
pub async fn passed_views(
    db: &impl ConnectionTrait,
    state: &AppState,
    viewer: Uuid,
    (to, owners): (Attached, &[Uuid]),
) -> Result<HashMap<Uuid, Vec<FileView>>, Error> {
    let mut views = file::views(db, state, to, owners).await?;
    let ids = views.values().flatten().map(|photo| photo.id).collect();
    let held = store::not_passed(db, viewer, ids).await?;
    for photos in views.values_mut() {
        photos.retain(|photo| !held.contains(&photo.id));
    }
    Ok(views)
}
