//! 过生日: the step of a theme day at which the month's political birthdays are celebrated together.

use uuid::Uuid;

use crate::{
    birthday::{self, ComradeBirthday},
    identity::Resident,
    kernel::{Day, Error},
    platform::AppState,
    themeday,
};

/// Whom one celebrates at a theme day: comrades of one's own branch whose day lies in its month and who let the branch
/// know. None: there is no such day for the caller.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn celebrants(
    state: &AppState,
    me: &Resident,
    day_id: Uuid,
) -> Result<Option<Vec<ComradeBirthday>>, Error> {
    let found = themeday::told(state.db.read(), state, &me.branch_scope(), day_id).await?;
    let Some(told) = found else { return Ok(None) };
    let day = Day::of(told.day.starts_at);
    birthday::celebrated(state, me, &told.org_path, day).await.map(Some)
}
