//! The branch's own: whose day comes up among comrades, as far as they want it known.

use ::entity::org::{Model as Org, OrgKind};
use sea_orm::ConnectionTrait;

use crate::{
    identity::{Resident, Scope, people},
    kernel::{Day, Error},
    org,
    platform::AppState,
};

use super::{celebrants, model::Span, view::ComradeBirthday};

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
    // Whoever is of the branch may know of these; nothing else of the rows is shown.
    let found = celebrants::in_span(db, state, &Scope::house(), &branch.path, span).await?;
    let known = found.unwrap_or_default().into_iter();
    let known: Vec<_> = known.filter(|who| who.tell_branch && who.person_id != me.id()).collect();
    let names = people::names(db, known.iter().map(|who| who.person_id)).await?;
    let view = |who: &celebrants::Celebrant| ComradeBirthday {
        person_id: who.person_id,
        name: names.get(&who.person_id).cloned().unwrap_or_default(),
        on: who.on.to_string(),
    };
    Ok(known.iter().map(view).collect())
}
