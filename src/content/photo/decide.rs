//! 人工审核 of photos, with the same two buttons as of words.

use ::entity::media_check::{ActiveModel, MediaState, Model};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::{
    audit,
    identity::Dispatcher,
    platform::{AppState, db::Step},
};

use super::{
    super::decide::{DecideError, deed},
    store,
};

pub(in crate::content) const REASON: &str = "media_check.reason";

/// Decides over a photo; what people decided may be decided otherwise, until everybody sees it.
///
/// # Errors
/// `NotFound` out of reach; `Own`; `Public`; `Decided` for one that is as asked already, that WeChat passed, or whose
/// version is gone.
pub(in crate::content) async fn decide(
    state: &AppState,
    office: &Dispatcher,
    id: Uuid,
    reason: Option<&str>,
) -> Result<Model, DecideError> {
    let tx = state.db.write().await?;
    let row = store::locked(&tx, &office.scope(), id).await?.ok_or(DecideError::NotFound)?;
    if row.author_id == office.id() {
        return Err(DecideError::Own);
    }
    let next = if reason.is_none() { MediaState::Passed } else { MediaState::Refused };
    let machine = row.state == MediaState::Passed && row.decided_by.is_none();
    if row.state == next || row.state == MediaState::Expired || machine {
        return Err(DecideError::Decided(super::super::view::spoken(row.state)));
    }
    if next == MediaState::Refused && store::is_public(&*tx, row.object_id).await? {
        return Err(DecideError::Public);
    }
    let org_id = row.org_id;
    let mut row: ActiveModel = row.into();
    row.state = Set(next);
    row.decided_by = Set(Some(office.id()));
    row.decided_at = Set(Some(state.clock.now()));
    row.reason = Set(reason.map(|reason| state.crypto.seal(REASON, id, reason)));
    let row = row.update(&*tx).await.step("decide over a photo")?;
    audit::record(&tx, state, deed(office, org_id, id, reason)).await?;
    tx.commit().await?;
    Ok(row)
}
