//! 名单: what each member said and whether they came, for the secretary.

use ::entity::{
    At,
    theme_day_person::{ArrivedBy, Attendance},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    identity::{PartyKeeper, people},
    org,
    platform::{AppState, http::Page},
};

use super::{attend, change::ThemeDayError, store};

/// A member and a day.
#[derive(Serialize, ToSchema)]
pub struct AttendanceLine {
    pub person_id: Uuid,
    /// As on the roster.
    pub name: String,
    /// null: not answered yet.
    pub answer: Option<Attendance>,
    pub reason: Option<String>,
    pub answered_at: Option<At>,
    pub came_at: Option<At>,
    pub came_by: Option<ArrivedBy>,
}

/// One page of those who are members now; who has left the branch is not among them.
///
/// # Errors
/// `NotFound` out of reach.
pub(super) async fn roster(
    state: &AppState,
    keeper: &PartyKeeper,
    id: Uuid,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Page<AttendanceLine>, ThemeDayError> {
    let (db, scope) = (state.db.read(), keeper.scope());
    let day = store::find(db, &scope, id).await?.ok_or(ThemeDayError::NotFound)?;
    let org = org::find(db, day.org_id).await?.ok_or(ThemeDayError::NotFound)?;
    let rows = org::branch_members(db, &scope, &org.path, after, limit).await?;
    let page = Page::cut(rows, limit, |place| place.id);
    let ids: Vec<_> = page.items.iter().map(|place| place.person_id).collect();
    let names = people::roster_names(db, state, ids.clone()).await?;
    let said = store::of_people(db, day.id, &ids).await?;
    let line = |id: Uuid| {
        let row = said.get(&id);
        let reason = row.and_then(|row| Some((row.id, row.reason.as_ref()?)));
        Ok(AttendanceLine {
            person_id: id,
            name: names.get(&id).cloned().unwrap_or_default(),
            answer: row.and_then(|row| row.answer),
            reason: reason
                .map(|(id, sealed)| state.crypto.open(attend::REASON, id, sealed))
                .transpose()?,
            answered_at: row.and_then(|row| row.answered_at),
            came_at: row.and_then(|row| row.came_at),
            came_by: row.and_then(|row| row.came_by),
        })
    };
    let items = ids.into_iter().map(line).collect::<Result<_, ThemeDayError>>()?;
    Ok(Page { items, next_cursor: page.next_cursor })
}
