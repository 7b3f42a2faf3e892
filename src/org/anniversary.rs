//! 纪念日: whose day of joining (入党) or of full membership (转正) comes round, found without opening everybody's record.
//!
//! Beside the sealed facts stand keyed fingerprints of the month and day alone, written by the same statement as the
//! dates. They only point: the sealed dates of those found are opened and have the last word. A record counts while
//! its person agrees, is not quiet (see `quiet`), and has a home branch; somebody on the way to another branch still
//! counts with the old one until the new one confirms. People of a 党小组 count with its branch.

use std::collections::{BTreeSet, HashMap};

use ::entity::{
    membership::{self, Column as Member, MembershipKind, MembershipState},
    org::{self, OrgKind},
    party_record::{Column, Entity},
};
use entity::Sealed;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, RelationDef,
};
use uuid::Uuid;

use crate::{
    identity::{
        Scope,
        consents::{self, Purpose},
        within,
    },
    kernel::{Day, Error},
    platform::{AppState, db::Step},
};

use super::party::PartyFacts;

/// More are never read at once; lists of so many belong to an org further down.
pub const MOST: u64 = 2_000;

/// Which of the two dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    Joined,
    Full,
}

/// The two dates of somebody who agreed to their use. No `Debug`.
#[derive(Clone)]
pub struct Anniversary {
    pub person_id: Uuid,
    /// Where they are: their branch; of a group the branch it belongs to.
    pub branch_id: Uuid,
    /// 入党
    pub joined_on: Option<Day>,
    /// 转正
    pub full_on: Option<Day>,
}

/// Whose dates are sought.
#[derive(Clone, Copy, Debug)]
pub enum Sought<'a> {
    /// Those one of whose dates comes round on one of these days.
    On(&'a [Day]),
    /// These people's.
    Of(&'a [Uuid]),
}

/// The fingerprint of a date's month and day.
pub(super) fn index(state: &AppState, which: Which, date: Option<&str>) -> Option<String> {
    let date: Day = date?.parse().ok()?;
    Some(fingerprint(state, which, &month_day(date)))
}

fn fingerprint(state: &AppState, which: Which, month_day: &str) -> String {
    let column = match which {
        Which::Joined => "party_record.joined_on",
        Which::Full => "party_record.full_on",
    };
    state.crypto.blind_index(column, month_day)
}

/// `11-23`
fn month_day(day: Day) -> String {
    day.to_string().split_off(5)
}

/// What to look for on these days: their months and days, and 29 February on the 28th of a year without one.
fn month_days(days: &[Day]) -> BTreeSet<String> {
    let leap = |day: &&Day| month_day(**day) == "02-28" && month_day(day.plus(1)) == "03-01";
    let also = days.iter().filter(leap).map(|_| "02-29".to_owned());
    days.iter().map(|day| month_day(*day)).chain(also).collect()
}

fn sought(state: &AppState, what: Sought) -> Condition {
    match what {
        Sought::Of(people) => Condition::all().add(Column::PersonId.is_in(people.iter().copied())),
        Sought::On(days) => {
            let names = month_days(days);
            let of = |which| names.iter().map(move |name| fingerprint(state, which, name));
            Condition::any()
                .add(Column::JoinedIndex.is_in(of(Which::Joined)))
                .add(Column::FullIndex.is_in(of(Which::Full)))
        }
    }
}

fn of_member() -> RelationDef {
    Entity::belongs_to(membership::Entity).from(Column::PersonId).to(Member::PersonId).into()
}

/// A home branch that counts.
fn home() -> Condition {
    let leaving = membership::Entity::find()
        .select_only()
        .column(Member::MovedFrom)
        .filter(Member::State.eq(MembershipState::Pending))
        .filter(Member::MovedFrom.is_not_null())
        .into_query();
    let on_the_way = Condition::all()
        .add(Member::State.eq(MembershipState::Ended))
        .add(Member::Id.in_subquery(leaving));
    let here = Condition::any().add(Member::State.eq(MembershipState::Confirmed)).add(on_the_way);
    Condition::all().add(Member::Kind.eq(MembershipKind::HomeBranch)).add(here)
}

/// A record of somebody who agreed, is not quiet and has a home branch.
fn counts() -> Condition {
    home().add(Column::ConsentedAt.is_not_null()).add(Column::QuietAt.is_null())
}

/// The dates of those sought, within the scope and below the org of that path; at most 2000 people, by their ids.
///
/// # Errors
/// When rows cannot be read, or a record does not open.
pub async fn anniversaries(
    db: &impl ConnectionTrait,
    state: &AppState,
    scope: &Scope,
    below: Option<&str>,
    what: Sought<'_>,
) -> Result<Vec<Anniversary>, Error> {
    let mut query = Entity::find()
        .select_only()
        .columns([Column::PersonId, Column::Facts])
        .column(Member::OrgId)
        .join(JoinType::InnerJoin, of_member())
        .filter(counts())
        .filter(sought(state, what))
        .filter(scope.reach(Member::OrgId));
    if let Some(path) = below {
        query = query.filter(within(Member::OrgId, &[path.to_owned()]));
    }
    let rows: Vec<(Uuid, Sealed, Uuid)> = query
        .order_by_asc(Column::PersonId)
        .limit(MOST)
        .into_tuple()
        .all(db)
        .await
        .step("look for anniversaries")?;
    let people = rows.iter().map(|(person, ..)| *person);
    let unwilling = consents::taken_back(db, people, Purpose::PartyData).await?;
    let branches = branches(db, rows.iter().map(|(.., org)| *org)).await?;
    let open = |(person_id, facts, org_id): &(Uuid, Sealed, Uuid)| {
        let facts = PartyFacts::open(state, *person_id, facts)?;
        let day = |date: Option<String>| date.and_then(|date| date.parse().ok());
        Ok(Anniversary {
            person_id: *person_id,
            branch_id: branches.get(org_id).copied().unwrap_or(*org_id),
            joined_on: day(facts.joined_on),
            full_on: day(facts.full_on),
        })
    };
    rows.iter().filter(|(person, ..)| !unwilling.contains(person)).map(open).collect()
}

/// How many members below the org of that path have a record and have not agreed to anniversaries.
///
/// # Errors
/// When it cannot be counted.
pub async fn not_agreed(
    db: &impl ConnectionTrait,
    scope: &Scope,
    path: &str,
) -> Result<u64, Error> {
    let silent = Entity::find()
        .join(JoinType::InnerJoin, of_member())
        .filter(Column::ConsentedAt.is_null())
        .filter(Column::QuietAt.is_null())
        .filter(home())
        .filter(scope.reach(Member::OrgId))
        .filter(within(Member::OrgId, &[path.to_owned()]));
    silent.count(db).await.step("count who has not agreed to anniversaries")
}

/// The branches where somebody may have an anniversary on one of these days; no record is opened, so that for the
/// dates the branch does not count by there may be nobody after all.
///
/// # Errors
/// When rows cannot be read.
pub async fn branches_with(
    db: &impl ConnectionTrait,
    state: &AppState,
    scope: &Scope,
    days: &[Day],
) -> Result<BTreeSet<Uuid>, Error> {
    let orgs: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Member::OrgId)
        .distinct()
        .join(JoinType::InnerJoin, of_member())
        .filter(counts())
        .filter(sought(state, Sought::On(days)))
        .filter(scope.reach(Member::OrgId))
        .into_tuple()
        .all(db)
        .await
        .step("look for branches with anniversaries")?;
    let branches = branches(db, orgs.iter().copied()).await?;
    Ok(orgs.into_iter().map(|org| branches.get(&org).copied().unwrap_or(org)).collect())
}

/// Of each org that is a group, the branch it belongs to.
async fn branches(
    db: &impl ConnectionTrait,
    orgs: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Uuid>, Error> {
    let orgs: BTreeSet<_> = orgs.collect();
    if orgs.is_empty() {
        return Ok(HashMap::new());
    }
    let groups: Vec<(Uuid, Option<Uuid>)> = org::Entity::find()
        .select_only()
        .columns([org::Column::Id, org::Column::ParentId])
        .filter(org::Column::Id.is_in(orgs))
        .filter(org::Column::Kind.eq(OrgKind::Group))
        .into_tuple()
        .all(db)
        .await
        .step("read the branches of groups")?;
    Ok(groups.into_iter().filter_map(|(id, parent)| Some((id, parent?))).collect())
}
