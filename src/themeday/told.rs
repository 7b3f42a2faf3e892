//! What notices need to know of a theme day, and whom it concerns.

use ::entity::{role_grant::Role, theme_day::Model};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{
    identity::{Scope, duty},
    kernel::Error,
    notify::Matter,
    org::{self, Walked},
    platform::AppState,
};

use super::{
    outline::{Outline, Rests},
    record::above,
    store,
};

/// Members reminded in one step.
pub(super) const CHUNK: u64 = 200;

/// A day as a notice speaks of it.
#[derive(Clone, Debug)]
pub struct Told {
    pub day: Model,
    pub org_path: String,
    pub theme: String,
    pub place: Option<String>,
}

impl Told {
    /// Theme, begin and place.
    pub fn matter(&self) -> Matter {
        Matter {
            theme_day: Some(self.theme.clone()),
            theme_day_at: Some(self.day.starts_at),
            place: self.place.clone(),
            ..Matter::default()
        }
    }
}

/// A day as a notice speaks of it; None: there is none of that id.
///
/// # Errors
/// When it cannot be read.
pub async fn told(
    db: &impl ConnectionTrait,
    state: &AppState,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Told>, Error> {
    let Some(day) = store::find(db, scope, id).await? else { return Ok(None) };
    let Some(org) = org::find(db, day.org_id).await? else { return Ok(None) };
    let outline = Outline::open(state, Rests::Day, day.id, &day.outline)?;
    Ok(Some(Told { org_path: org.path, theme: outline.theme, place: outline.place, day }))
}

/// The next of those a day still concerns, found among so many members at most, and how far that is: its members but for those who said
/// they do not come.
///
/// # Errors
/// When they cannot be read.
pub async fn some_concerned(
    db: &impl ConnectionTrait,
    told: &Told,
    from: Walked,
    members: u64,
) -> Result<(Vec<Uuid>, Option<Walked>), Error> {
    let (mut people, next) = org::walk_branch_members(db, &told.org_path, from, members).await?;
    let declined = store::declined(db, told.day.id, &people).await?;
    people.retain(|person| !declined.contains(person));
    Ok((people, next))
}

/// 书记: whoever keeps the org's theme days, there or nearest above.
///
/// # Errors
/// When they cannot be read.
pub async fn secretaries(db: &impl ConnectionTrait, org_path: &str) -> Result<Vec<Uuid>, Error> {
    duty::on_duty(db, org_path, &[Role::Secretary]).await
}

/// 上级: whoever reviews them, right above or further up.
///
/// # Errors
/// When they cannot be read.
pub async fn superiors(db: &impl ConnectionTrait, org_path: &str) -> Result<Vec<Uuid>, Error> {
    match above(org_path) {
        Some(path) => duty::on_duty(db, path, &[Role::Secretary, Role::Leader]).await,
        None => Ok(Vec::new()),
    }
}
