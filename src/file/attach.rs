//! Attaching photos to rows, in the transaction of the room the row belongs to.

use std::collections::HashSet;

use ::entity::{
    file,
    file_use::{ActiveModel, Attached, Column, Entity},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    kernel::Error,
    platform::{AppState, Tx, db::Step, http::Problem},
};

use super::{model::PHOTOS_MAX, store};

#[derive(Debug, thiserror::Error)]
pub enum AttachError {
    #[error("more photos than a row may have")]
    TooMany,
    #[error("the same photo twice")]
    Twice,
    #[error("photo {0} is not there for this person")]
    NotThere(Uuid),
    #[error("photo {0} belongs to something else")]
    Elsewhere(Uuid),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<AttachError> for Problem {
    fn from(error: AttachError) -> Self {
        let (code, zh, en) = match error {
            AttachError::TooMany => {
                ("length", format!("最多放 {PHOTOS_MAX} 张照片"), "At most nine photos")
            }
            AttachError::Twice => ("value", "同一张照片放了两次".into(), "A photo stands twice"),
            AttachError::NotThere(_) => (
                "value",
                "有照片没有找到，可能已过期，请重新上传".into(),
                "A photo is not there: it may have expired, please upload it again",
            ),
            AttachError::Elsewhere(_) => (
                "value",
                "有照片已经用在别处，请重新上传".into(),
                "A photo is used elsewhere already, please upload it again",
            ),
            AttachError::Broken(error) => return error.into(),
        };
        Self::field("photo_ids", code, zh, en)
    }
}

/// A row photos are attached to, and its org.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    pub kind: Attached,
    pub id: Uuid,
    pub org_id: Uuid,
}

/// Gives a row these photos, in this order, in place of those it had. Only one's own uploads that belong to nothing
/// else; what the row had before it may keep.
///
/// # Errors
/// `TooMany`, `Twice`; `NotThere` for another's or a discarded one; `Elsewhere`.
pub async fn attach(
    tx: &Tx,
    state: &AppState,
    by: Uuid,
    owner: Owner,
    ids: &[Uuid],
) -> Result<(), AttachError> {
    attach_from(tx, state, by, owner, ids, None).await
}

/// `attach`, where photos of another row that the caller may see are welcome as well: a story shows the report's.
///
/// # Errors
/// As `attach`.
pub async fn attach_from(
    tx: &Tx,
    state: &AppState,
    by: Uuid,
    owner: Owner,
    ids: &[Uuid],
    source: Option<(Attached, Uuid)>,
) -> Result<(), AttachError> {
    if ids.len() > PHOTOS_MAX {
        return Err(AttachError::TooMany);
    }
    if ids.iter().collect::<HashSet<_>>().len() < ids.len() {
        return Err(AttachError::Twice);
    }
    let files = store::locked(tx, ids).await?;
    let uses = store::uses(&**tx, ids.iter().copied()).await?;
    for id in ids {
        let used = |kind, row| {
            uses.iter().any(|one| one.file_id == *id && one.kind == kind && one.owner_id == row)
        };
        let lent = used(owner.kind, owner.id) || source.is_some_and(|(kind, row)| used(kind, row));
        let mine = |file: &&file::Model| {
            file.id == *id
                && file.ready
                && file.discarded_at.is_none()
                && (lent || file.person_id == by)
        };
        if !files.iter().any(|file| mine(&file)) {
            return Err(AttachError::NotThere(*id));
        }
        if !lent && uses.iter().any(|one| one.file_id == *id) {
            return Err(AttachError::Elsewhere(*id));
        }
    }
    detach_all(tx, owner.kind, owner.id).await?;
    let now = state.clock.now();
    let rows = ids.iter().zip(0..).map(|(id, place)| ActiveModel {
        file_id: Set(*id),
        kind: Set(owner.kind),
        owner_id: Set(owner.id),
        org_id: Set(owner.org_id),
        place: Set(place),
        published: Set(false),
        created_at: Set(now),
    });
    if !ids.is_empty() {
        Entity::insert_many(rows).exec_without_returning(&**tx).await.step("attach photos")?;
    }
    Ok(())
}

/// Takes all photos from a row; what belongs to nothing else goes within a day.
///
/// # Errors
/// When they cannot be taken.
pub async fn detach_all(tx: &Tx, kind: Attached, owner: Uuid) -> Result<(), Error> {
    Entity::delete_many().filter(of(kind, owner)).exec(&**tx).await.step("detach photos").map(drop)
}

/// Shows a row's photos to everybody.
///
/// # Errors
/// When they cannot be changed.
pub async fn publish(tx: &Tx, kind: Attached, owner: Uuid) -> Result<(), Error> {
    show(tx, kind, owner, true).await
}

/// Shows them no longer: links that were public stop working.
///
/// # Errors
/// When they cannot be changed.
pub async fn unpublish(tx: &Tx, kind: Attached, owner: Uuid) -> Result<(), Error> {
    show(tx, kind, owner, false).await
}

async fn show(tx: &Tx, kind: Attached, owner: Uuid, published: bool) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::Published, Expr::value(published))
        .filter(of(kind, owner))
        .exec(&**tx)
        .await
        .step("show or hide photos")
        .map(drop)
}

fn of(kind: Attached, owner: Uuid) -> Condition {
    Condition::all().add(Column::Kind.eq(kind)).add(Column::OwnerId.eq(owner))
}

/// Somebody leaves: what they uploaded goes, but for the photos that tell of work done for others.
///
/// # Errors
/// When it cannot be stored.
pub async fn forget(tx: &Tx, state: &AppState, person: Uuid) -> Result<(), Error> {
    let theirs = file::Column::PersonId.eq(person);
    let mine = file::Entity::find().select_only().column(file::Column::Id).filter(theirs.clone());
    Entity::delete_many()
        .filter(Column::Kind.eq(Attached::Request))
        .filter(Column::FileId.in_subquery(mine.into_query()))
        .exec(&**tx)
        .await
        .step("take a person's photos from their requests")?;
    let kept = Entity::find().select_only().column(Column::FileId).into_query();
    file::Entity::update_many()
        .col_expr(file::Column::DiscardedAt, Expr::value(state.clock.now()))
        .filter(theirs)
        .filter(file::Column::DiscardedAt.is_null())
        .filter(file::Column::Id.not_in_subquery(kept))
        .exec(&**tx)
        .await
        .step("discard a person's photos")
        .map(drop)
}
