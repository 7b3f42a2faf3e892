//! The branch's own: whose day comes up among comrades, as far as they want it known.

use ::entity::org::{Model as Org, OrgKind};
use sea_orm::ConnectionTrait;

use crate::{
    identity::{Resident, Scope, people},
    kernel::{Day, Error},
    org,
    platform::AppState,
};

use super::{
    celebrants::{self, Celebrant},
    model::Span,
    view::ComradeBirthday,
};

/// How many days ahead comrades see.
const AHEAD: i64 = 30;

/// The branch somebody is in; of a group the branch it belongs to. None without one.
///
/// # Errors
/// When the tree cannot be read.
pub(super) async fn branch_of(
    db: &impl ConnectionTrait,
    me: &Resident,
) -> Result<Option<Org>, Error> {
    let Some(home) = me.caller().home_branch() else { return Ok(None) };
    let Some(org) = org::find(db, home.org_id).await? else { return Ok(None) };
    match org.parent_id.filter(|_| org.kind == OrgKind::Group) {
        Some(branch) => org::find(db, branch).await,
        None => Ok(Some(org)),
    }
}

/// The comrades whose day is today or in the thirty days to come and who let the branch know.
///
/// # Errors
/// When rows cannot be read.
pub(super) async fn coming_up(
    state: &AppState,
    me: &Resident,
) -> Result<Vec<ComradeBirthday>, Error> {
    let db = state.db.read();
    let Some(branch) = branch_of(db, me).await? else { return Ok(vec![]) };
    let from = Day::of(state.clock.now());
    let span = Span { from, to: from.plus(AHEAD) };
    let mut known = who_let_it_be_known(state, &branch.path, span).await?;
    known.retain(|who| who.person_id != me.id());
    shown(db, &known).await
}

/// Whose day the month of a theme day of that org brings, among one's own comrades who let the branch know; oneself too.
///
/// # Errors
/// When rows cannot be read.
pub async fn celebrated(
    state: &AppState,
    me: &Resident,
    org_path: &str,
    day: Day,
) -> Result<Vec<ComradeBirthday>, Error> {
    let db = state.db.read();
    let Some(branch) = branch_of(db, me).await? else { return Ok(vec![]) };
    // Whoever let their branch know did not let the others know who come to the same day.
    let within = if org_path.starts_with(&branch.path) { org_path } else { &branch.path };
    let known = who_let_it_be_known(state, within, Span::month_of(day)).await?;
    shown(db, &known).await
}

/// Whoever is of the branch may know of these; nothing else of the rows is shown.
async fn who_let_it_be_known(
    state: &AppState,
    path: &str,
    span: Span,
) -> Result<Vec<Celebrant>, Error> {
    let db = state.db.read();
    let found = celebrants::in_span(db, state, &Scope::house(), path, span).await?;
    Ok(found.unwrap_or_default().into_iter().filter(|who| who.tell_branch).collect())
}

async fn shown(
    db: &impl ConnectionTrait,
    known: &[Celebrant],
) -> Result<Vec<ComradeBirthday>, Error> {
    let names = people::names(db, known.iter().map(|who| who.person_id)).await?;
    let view = |who: &Celebrant| ComradeBirthday {
        person_id: who.person_id,
        name: names.get(&who.person_id).cloned().unwrap_or_default(),
        on: who.on.to_string(),
    };
    Ok(known.iter().map(view).collect())
}
