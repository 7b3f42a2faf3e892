//! Who has a political birthday when: records and places from `org`, the branch's rules, the person's own choice.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::{Day, Error},
    org::{self, Anniversary, OrgSettings, Sought},
    platform::AppState,
};

use super::{
    model::{Span, counted, next},
    store,
};

/// Somebody with a political birthday to come. No `Debug`.
#[derive(Clone)]
pub(super) struct Celebrant {
    pub person_id: Uuid,
    pub branch_id: Uuid,
    pub on: Day,
    pub years: u32,
    /// Whether they want to be greeted.
    pub greet: bool,
    /// Whether their comrades may know.
    pub tell_branch: bool,
}

/// Those below the org of that path whose day lies in the span and who want it greeted, by day; None where there are
/// more than one list holds.
///
/// # Errors
/// When rows cannot be read.
pub(super) async fn in_span(
    db: &impl ConnectionTrait,
    state: &AppState,
    scope: &Scope,
    path: &str,
    span: Span,
) -> Result<Option<Vec<Celebrant>>, Error> {
    let days = span.days();
    let found = org::anniversaries(db, state, scope, Some(path), Sought::On(&days)).await?;
    if found.len() as u64 >= org::MOST {
        return Ok(None);
    }
    let all = with_days(db, found, span.from).await?;
    let mut listed: Vec<_> = all.into_iter().filter(|who| who.greet && who.on <= span.to).collect();
    listed.sort_by_key(|who| (who.on, who.person_id));
    Ok(Some(listed))
}

/// The next day of somebody below the org of that path, whether they want it greeted or not.
///
/// # Errors
/// When rows cannot be read.
pub(super) async fn next_of(
    db: &impl ConnectionTrait,
    state: &AppState,
    scope: &Scope,
    path: Option<&str>,
    person_id: Uuid,
) -> Result<Option<Celebrant>, Error> {
    let found = org::anniversaries(db, state, scope, path, Sought::Of(&[person_id])).await?;
    Ok(with_days(db, found, Day::of(state.clock.now())).await?.pop())
}

/// The next day of each from `from` on, by the rules of their branch.
async fn with_days(
    db: &impl ConnectionTrait,
    found: Vec<Anniversary>,
    from: Day,
) -> Result<Vec<Celebrant>, Error> {
    let rules = org::settings_of(db, found.iter().map(|of| of.branch_id)).await?;
    let plain = OrgSettings::default();
    let rule = |of: &Anniversary| rules.get(&of.branch_id).unwrap_or(&plain);
    let days: Vec<_> =
        found.iter().filter_map(|of| Some((of, next(counted(of, rule(of))?, from)?))).collect();
    let choices: HashMap<_, _> =
        store::choices(db, days.iter().map(|(of, _)| of.person_id)).await?;
    let celebrant = |(of, (on, years)): &(&Anniversary, (Day, u32))| {
        let choice = choices.get(&of.person_id);
        Celebrant {
            person_id: of.person_id,
            branch_id: of.branch_id,
            on: *on,
            years: *years,
            greet: choice.is_none_or(|choice| choice.greet),
            tell_branch: choice.is_some_and(|choice| choice.greet && choice.tell_branch),
        }
    };
    Ok(days.iter().map(celebrant).collect())
}
