//! 建议人选: who suits a task, best first, each with reasons, and why not the others.

use ::entity::At;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    claim::fits,
    dispatch::{self, Card, Wanted, cards},
    identity::{Dispatcher, people},
    kernel::Error,
    matching::{Answer, Candidate, Crowd, Distance, Free, Habits, Need, WhyNot, average, rank},
    platform::{
        AppState,
        http::{Problem, problem::NOT_FOUND},
    },
    request::{self, PersonRef},
};

use super::{candidates::candidates, facts};

/// As many are shown; the office reads a list, not a census.
const SHOWN: usize = 20;

/// Somebody who suits the task.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suggestion {
    pub user: PersonRef,
    /// Why them, in words.
    #[schema(example = "会做，好久没轮到，来的可能 32%")]
    pub reason: String,
    /// How likely they come when asked now, 0 to 1.
    pub chance: f64,
    /// Whether a message reaches their phone.
    pub reachable: bool,
}

/// Somebody of the ring who is not to be asked now.
#[derive(Debug, Serialize, ToSchema)]
pub struct NotNow {
    pub user: PersonRef,
    pub reason: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Suggestions {
    /// Seats that are free and kept for nobody.
    pub open: usize,
    /// Best first, twenty at most.
    pub items: Vec<Suggestion>,
    /// How many more there are.
    pub more: usize,
    /// How likely the open seats fill when all of `items` are asked, 0 to 1.
    pub chance: f64,
    /// Some of those who are not suggested, and why.
    pub others: Vec<NotNow>,
}

/// Who suits a task of the caller's office.
///
/// # Errors
/// `NOT_FOUND` out of reach.
pub(super) async fn suggestions(
    state: &AppState,
    office: &Dispatcher,
    id: Uuid,
) -> Result<Suggestions, Problem> {
    let (db, now) = (state.db.read(), state.clock.now());
    let task = dispatch::find_for_staff(db, &office.scope(), id).await?.ok_or(NOT_FOUND)?;
    let card = cards(db, std::slice::from_ref(&task)).await?.remove(0);
    of_card(state, &card, now).await
}

/// Who would suit a task that a request of the caller's office could become: before anything is written.
///
/// # Errors
/// `NOT_FOUND` out of reach.
pub(super) async fn beforehand(
    state: &AppState,
    office: &Dispatcher,
    request_id: Uuid,
    wanted: Wanted,
) -> Result<Suggestions, Problem> {
    let (db, now) = (state.db.read(), state.clock.now());
    let request = request::find(db, &office.scope(), request_id).await?.ok_or(NOT_FOUND)?;
    of_card(state, &Card::beforehand(request.org_id, wanted, now), now).await
}

async fn of_card(state: &AppState, card: &Card, now: At) -> Result<Suggestions, Problem> {
    let db = state.db.read();
    let (found, habits) = gather(state, card, now).await?;
    let open = usize::try_from(card.free(false)).unwrap_or(0);
    let (skills, by) = (card.skills.clone(), card.claim_until.max(now));
    let need = Need { open, skills, now, by, waiting: Vec::new(), later: 0 };
    let (picks, left) = rank(&need, &found, &habits);
    let shown: Vec<_> = picks.iter().take(SHOWN).collect();
    let others: Vec<_> = left.iter().take(SHOWN).collect();
    let ids = shown.iter().map(|pick| pick.id).chain(others.iter().map(|one| one.id));
    let names = people::names(db, ids).await?;
    let name = |id: Uuid| PersonRef { id, name: names.get(&id).cloned().unwrap_or_default() };
    let mut crowd = Crowd::empty(open);
    shown.iter().for_each(|pick| crowd.add(pick.chance));
    let reachable =
        |id: Uuid| found.iter().any(|candidate| candidate.id == id && candidate.has_grant);
    Ok(Suggestions {
        open,
        more: picks.len() - shown.len(),
        chance: crowd.chance(),
        items: shown
            .iter()
            .map(|pick| Suggestion {
                user: name(pick.id),
                reason: pick.zh(),
                chance: pick.chance,
                reachable: reachable(pick.id),
            })
            .collect(),
        others: others
            .iter()
            .map(|one| NotNow { user: name(one.id), reason: one.why.zh() })
            .collect(),
    })
}

/// Everybody of the ring with what is known of them, and how people here answer.
pub(super) async fn gather(
    state: &AppState,
    card: &Card,
    now: At,
) -> Result<(Vec<Candidate>, Habits), Error> {
    let db = state.db.read();
    let seated = facts::seated(db, card.id).await?;
    let mut ids = candidates(db, card).await?;
    ids.retain(|id| !seated.contains(id));
    let mut fits = fits(db, card, &ids, now).await?;
    let mut served = facts::served(db, &ids, now).await?;
    let mut asked = facts::asked(db, &ids, now).await?;
    let reachable = facts::reachable(state, &ids).await?;
    let (mut messages, mut yes) = (0, 0);
    let candidate = |id: Uuid| {
        let fit = fits.remove(&id)?;
        let served = served.remove(&id).unwrap_or_default();
        let told = asked.remove(&id).unwrap_or_default();
        messages += told.len();
        yes += told.iter().filter(|(_, one)| one.answer == Answer::Yes).count();
        let here = told.iter().rev().find(|(of, _)| *of == card.id);
        let against = match (fit.against, here) {
            (Some(words), _) => Some(WhyNot::Cannot(words)),
            (None, Some((_, one))) if one.answer == Answer::No => Some(WhyNot::Declined),
            (None, Some((_, one))) => Some(WhyNot::AskedAlready(one.at)),
            (None, None) => None,
        };
        Some(Candidate {
            id,
            skills: fit.skills,
            alike: 0,
            distance: Distance::Unknown,
            free: Free::Unknown,
            last_served: served.last_served,
            kept: u32::try_from(served.kept).unwrap_or(0),
            missed: u32::try_from(served.missed).unwrap_or(0),
            has_grant: reachable.contains(&id),
            asked: told.into_iter().map(|(_, one)| one).collect(),
            against,
        })
    };
    let found: Vec<_> = ids.into_iter().filter_map(candidate).collect();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let average = average(count(messages), count(yes));
    Ok((found, Habits { average, rest: facts::REST, ..Habits::default() }))
}
