//! 点名: the confirmed members of a branch and of all that hangs below it, page by page or in chunks. 党小组 belong to
//! their branch, branches to their committee, so whoever is invited there is invited with them. Whom nothing cheerful
//! is sent to any more (`quiet`: who died is among them) is on the roll, but not told and not expected.

use std::{fmt, str::FromStr};

use ::entity::{
    membership::{Column, Entity, MembershipKind, MembershipState, Model},
    org, party_record,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    identity::{Scope, within},
    kernel::Error,
    platform::{db::Step, http::page::newest_first},
};

/// Orgs looked at together while walking.
const ORGS: u64 = 50;

fn confirmed(scope: &Scope) -> Select<Entity> {
    Entity::find()
        .filter(scope.reach(Column::OrgId))
        .filter(Column::Kind.eq(MembershipKind::HomeBranch))
        .filter(Column::State.eq(MembershipState::Confirmed))
}

/// Without those left in peace.
fn expected(rows: Select<Entity>) -> Select<Entity> {
    let quiet = party_record::Entity::find()
        .select_only()
        .column(party_record::Column::PersonId)
        .filter(party_record::Column::QuietAt.is_not_null())
        .into_query();
    rows.filter(Column::PersonId.not_in_subquery(quiet))
}

fn at_or_below(scope: &Scope, path: &str) -> Select<Entity> {
    confirmed(scope).filter(within(Column::OrgId, &[path.to_owned()]))
}

/// One page of them, newest place first, with one row more where there is more.
///
/// # Errors
/// When they cannot be read.
pub async fn branch_members(
    db: &impl ConnectionTrait,
    scope: &Scope,
    path: &str,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    let page = newest_first(at_or_below(scope, path), Column::Id, after, limit);
    page.all(db).await.step("list the members of a branch")
}

/// How many are expected.
///
/// # Errors
/// When they cannot be counted.
pub async fn count_branch_members(
    db: &impl ConnectionTrait,
    scope: &Scope,
    path: &str,
) -> Result<u64, Error> {
    expected(at_or_below(scope, path)).count(db).await.step("count the members of a branch")
}

/// Who of these people is one of them.
///
/// # Errors
/// When they cannot be read.
pub async fn branch_members_among(
    db: &impl ConnectionTrait,
    scope: &Scope,
    path: &str,
    people: &[Uuid],
) -> Result<Vec<Uuid>, Error> {
    at_or_below(scope, path)
        .select_only()
        .column(Column::PersonId)
        .filter(Column::PersonId.is_in(people.iter().copied()))
        .into_tuple()
        .all(db)
        .await
        .step("look who is a member of a branch")
}

/// How far a walk has come: the last org, and the last place in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Walked(pub Uuid, pub Uuid);

impl fmt::Display for Walked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}|{}", self.0, self.1)
    }
}

impl FromStr for Walked {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let parsed = || text.split_once('|').map(|(org, place)| (org.parse(), place.parse()));
        match parsed() {
            Some((Ok(org), Ok(place))) => Ok(Self(org, place)),
            _ => Err(Error::impossible("read how far a walk has come")),
        }
    }
}

/// The next people of a walk over all who are expected, in the order of orgs and places, and how far that is; None: that was
/// all. Who joins meanwhile may be met or not, who is met is met once, and no step reads more than fifty orgs.
///
/// # Errors
/// When they cannot be read.
pub async fn walk_branch_members(
    db: &impl ConnectionTrait,
    path: &str,
    from: Walked,
    limit: u64,
) -> Result<(Vec<Uuid>, Option<Walked>), Error> {
    let orgs: Vec<Uuid> = org::Entity::find()
        .select_only()
        .column(org::Column::Id)
        .filter(within(org::Column::Id, &[path.to_owned()]))
        .filter(org::Column::Id.gte(from.0))
        .order_by_asc(org::Column::Id)
        .limit(ORGS)
        .into_tuple()
        .all(db)
        .await
        .step("walk over orgs")?;
    let Some(last) = orgs.last().copied() else { return Ok((Vec::new(), None)) };
    let (seen, org, id) = (from.1, Expr::col(Column::OrgId), Expr::col(Column::Id));
    let beyond = org.ne(from.0).or(id.gt(seen));
    let whole = orgs.len() < usize::try_from(ORGS).unwrap_or(usize::MAX);
    let found: Vec<(Uuid, Uuid, Uuid)> = expected(confirmed(&Scope::house()))
        .select_only()
        .columns([Column::OrgId, Column::Id, Column::PersonId])
        .filter(Column::OrgId.is_in(orgs))
        .filter(beyond)
        .order_by_asc(Column::OrgId)
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await
        .step("walk over members")?;
    let full = u64::try_from(found.len()).unwrap_or(u64::MAX) >= limit;
    let next = match found.last() {
        Some((org, id, _)) if full => Some(Walked(*org, *id)),
        _ if whole => None,
        _ => Some(Walked(last, Uuid::max())),
    };
    Ok((found.into_iter().map(|(_, _, person)| person).collect(), next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_comes_back_as_it_went() {
        let there = Walked(Uuid::from_u128(1), Uuid::max());
        assert_eq!(there.to_string().parse::<Walked>().unwrap(), there);
        assert!("nonsense".parse::<Walked>().is_err());
    }
}
