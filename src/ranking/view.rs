//! A ranking as its reader may see it.

use std::collections::HashSet;

use ::entity::{membership::MembershipState, org::Model as Org};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    identity::{Resident, actors::BUSINESS},
    kernel::Error,
    org,
    platform::{
        AppState,
        http::{Problem, problem::NOT_FOUND},
    },
};

use super::{
    RANKING_OFF,
    model::{By, Period, RankLevel},
    store::{self, PersonRow, TeamRow},
};

/// One line.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RankLine {
    /// From 1; equal figures share one.
    pub place: i64,
    /// Veiled for readers who belong elsewhere: `张*`.
    pub name: String,
    /// The team; null for a person.
    pub org_id: Option<Uuid>,
    /// How many of the team served; null for a person.
    pub people: Option<i64>,
    /// Minutes, points or claims.
    pub amount: i64,
    /// Something in it was entered by hand, by two people.
    pub corrected: bool,
}

/// A month's ranking of an org.
#[derive(Debug, Serialize, ToSchema)]
pub struct RankingView {
    pub org_id: Uuid,
    pub org_name: String,
    /// The month in Shanghai.
    #[schema(example = "2026-11")]
    pub period: String,
    pub by: By,
    pub level: RankLevel,
    /// Groups with fewer people who served are not shown.
    pub min_group: i32,
    /// Fewer served here than that: no figures.
    pub too_few: bool,
    /// How many served, named or not; null for teams.
    pub people: Option<i64>,
    /// All they served together; null for teams.
    pub total: Option<i64>,
    /// My own line, whether or not others read my name.
    pub mine: Option<RankLine>,
    pub items: Vec<RankLine>,
}

/// What a reader asks for.
#[derive(Debug)]
pub(super) struct Wanted {
    pub org_id: Option<Uuid>,
    pub period: Period,
    pub by: By,
    pub level: RankLevel,
}

/// The orgs a person belongs to, their home branch or community of residence.
fn homes(me: &Resident) -> impl Iterator<Item = (Uuid, &str)> {
    let held = me.caller().places.iter().filter(|place| place.state == MembershipState::Confirmed);
    held.map(|place| (place.org_id, place.org_path.as_str()))
}

/// Where the reader is at home, or at work.
fn usual(me: &Resident) -> Option<Uuid> {
    let work = me.caller().roles.iter().find(|held| BUSINESS.contains(&held.role));
    homes(me).map(|(id, _)| id).next().or_else(|| work.map(|held| held.org_id))
}

/// A ranking of an org the reader belongs to, at any height, or works for.
///
/// # Errors
/// `not_found` for all other orgs; `ranking.off`.
pub(super) async fn ranking(
    state: &AppState,
    me: &Resident,
    wanted: Wanted,
) -> Result<RankingView, Problem> {
    let db = state.db.read();
    let id = wanted.org_id.or_else(|| usual(me)).ok_or(NOT_FOUND)?;
    let org = org::find(db, id).await?.ok_or(NOT_FOUND)?;
    let inside = homes(me).any(|(_, path)| path.starts_with(&org.path));
    if !inside && !me.scope().covers(&org.path) {
        return Err(NOT_FOUND.into());
    }
    let rules = org::settings_of(db, [id]).await?.remove(&id).unwrap_or_default();
    let counted = wanted.by != By::Points || rules.points_enabled;
    if !rules.ranking_enabled || !counted {
        return Err(RANKING_OFF.into());
    }
    let least = rules.ranking_min_group;
    match wanted.level {
        RankLevel::Person => {
            let rows = store::people(db, &org, &wanted.period, wanted.by, me.id()).await?;
            Ok(of_people(state, me, org, wanted, rows, least).await?)
        }
        RankLevel::Team => {
            let rows = store::teams(db, &org, &wanted.period, wanted.by, least).await?;
            let items = rows.into_iter().map(RankLine::from).collect();
            Ok(frame(org, wanted, least, items))
        }
    }
}

fn frame(org: Org, wanted: Wanted, min_group: i32, items: Vec<RankLine>) -> RankingView {
    RankingView {
        org_id: org.id,
        org_name: org.name,
        period: wanted.period.text().to_owned(),
        by: wanted.by,
        level: wanted.level,
        min_group,
        too_few: false,
        people: None,
        total: None,
        mine: None,
        items,
    }
}

async fn of_people(
    state: &AppState,
    me: &Resident,
    org: Org,
    wanted: Wanted,
    rows: Vec<PersonRow>,
    least: i32,
) -> Result<RankingView, Error> {
    let (people, total) = rows.first().map_or((0, 0), |row| (row.people, row.total));
    let staff = me.scope().covers(&org.path);
    let mut view = frame(org, wanted, least, Vec::new());
    if people < i64::from(least) {
        view.too_few = true;
        return Ok(view);
    }
    let homes = homes(me).map(|(id, _)| id).collect();
    let ids = rows.iter().filter_map(|row| row.person_id).collect();
    let fellows = store::fellows(state.db.read(), homes, ids).await?;
    view.people = Some(people);
    view.total = Some(total);
    let mine = rows.iter().find(|row| row.person_id == Some(me.id()));
    view.mine = mine.and_then(|row| line(row, true));
    let named = rows.iter().filter(|row| row.ranked == Some(true));
    view.items = named.filter_map(|row| line(row, staff || knows(&fellows, row, me))).collect();
    Ok(view)
}

fn knows(fellows: &HashSet<Uuid>, row: &PersonRow, me: &Resident) -> bool {
    row.person_id.is_some_and(|id| id == me.id() || fellows.contains(&id))
}

/// None where the row holds the totals alone.
fn line(row: &PersonRow, full: bool) -> Option<RankLine> {
    let name = row.name.as_ref()?;
    Some(RankLine {
        place: row.place?,
        name: if full { name.clone() } else { org::veiled(name) },
        org_id: None,
        people: None,
        amount: row.amount?,
        corrected: row.corrected? == 1,
    })
}

impl From<TeamRow> for RankLine {
    fn from(row: TeamRow) -> Self {
        Self {
            place: row.place,
            name: row.name,
            org_id: Some(row.org_id),
            people: Some(row.people),
            amount: row.amount,
            corrected: row.corrected == 1,
        }
    }
}
