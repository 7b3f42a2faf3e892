//! Photos as people get them: links, and the size to keep free for them.

use std::collections::HashMap;

use ::entity::{file, file_use::Attached};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{kernel::Error, platform::AppState};

use super::{links, model::Size, store};

/// A photo to show. The links of what is not public are good for five to ten minutes: read the view again after that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FileView {
    pub id: Uuid,
    /// Long edge at most 2048 pixels, JPEG.
    pub url: String,
    /// Long edge at most 400 pixels, JPEG.
    pub thumb_url: String,
    /// Pixels of the large one.
    pub width: i32,
    pub height: i32,
    /// Size of the large one.
    pub bytes: i32,
}

pub(super) fn view(state: &AppState, file: &file::Model, published: bool) -> FileView {
    let link = if published { links::open } else { links::signed };
    FileView {
        id: file.id,
        url: link(state, file.id, Size::Full),
        thumb_url: link(state, file.id, Size::Thumb),
        width: file.width,
        height: file.height,
        bytes: file.bytes,
    }
}

/// The photos of rows the caller may see, by row, in their order; one query.
///
/// # Errors
/// When they cannot be read.
pub async fn views(
    db: &impl ConnectionTrait,
    state: &AppState,
    to: Attached,
    owner_ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<FileView>>, Error> {
    let mut by_owner: HashMap<Uuid, Vec<FileView>> = HashMap::new();
    for (used, file) in store::of_owners(db, to, owner_ids).await? {
        if let Some(file) = file.filter(|file| file.discarded_at.is_none()) {
            by_owner.entry(used.owner_id).or_default().push(view(state, &file, used.published));
        }
    }
    Ok(by_owner)
}

/// Photos by id, for those who look at them; one query.
///
/// # Errors
/// When they cannot be read.
pub async fn by_id(
    db: &impl ConnectionTrait,
    state: &AppState,
    ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, FileView>, Error> {
    let files = store::by_ids(db, ids).await?;
    Ok(files.into_iter().map(|file| (file.id, view(state, &file, false))).collect())
}
