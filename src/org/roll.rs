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

/// Orgs looked ahead for at once while walking.
const ORGS: u64 = 16;

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
        .filter(
            Expr::col((party_record::Entity, party_record::Column::PersonId))
                .equals((Entity, Column::PersonId)),
        )
        .filter(party_record::Column::QuietAt.is_not_null())
        .into_query();
    rows.filter(Expr::not_exists(quiet))
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

/// How far a walk has come: the last org, and the last person in it.
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
        let parsed = || text.split_once('|').map(|(org, person)| (org.parse(), person.parse()));
        match parsed() {
            Some((Ok(org), Ok(person))) => Ok(Self(org, person)),
            _ => Err(Error::impossible("read how far a walk has come")),
        }
    }
}

/// The next people of a walk over all who are expected, in the order of orgs and people, and how far that is; None: that was
/// all. Who joins meanwhile may be met or not, who is met is met once. A step goes on where the last one ended and reads
/// what it answers, however many were met before it.
///
/// # Errors
/// When they cannot be read.
pub async fn walk_branch_members(
    db: &impl ConnectionTrait,
    path: &str,
    from: Walked,
    limit: u64,
) -> Result<(Vec<Uuid>, Option<Walked>), Error> {
    let (mut people, mut at) = (Vec::new(), from);
    let mut ahead = vec![from.0];
    loop {
        for org in ahead {
            let seen = if org == from.0 { from.1 } else { Uuid::nil() };
            let left = limit.saturating_sub(people.len() as u64);
            let found = some_of(db, org, seen, left).await?;
            at = Walked(org, found.last().copied().unwrap_or(seen));
            people.extend(found);
            if people.len() as u64 >= limit {
                return Ok((people, Some(at)));
            }
        }
        ahead = orgs_after(db, path, at.0).await?;
        if ahead.is_empty() {
            return Ok((people, None));
        }
    }
}

/// The next expected members of one org. In the order in which their lines stand in the indexes of inboxes: what is
/// written for them together lies together.
async fn some_of(
    db: &impl ConnectionTrait,
    org: Uuid,
    seen: Uuid,
    limit: u64,
) -> Result<Vec<Uuid>, Error> {
    expected(confirmed(&Scope::house()))
        .select_only()
        .column(Column::PersonId)
        .filter(Column::OrgId.eq(org))
        .filter(Column::PersonId.gt(seen))
        .order_by_asc(Column::PersonId)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await
        .step("walk over members")
}

/// The next orgs that have members.
async fn orgs_after(db: &impl ConnectionTrait, path: &str, org: Uuid) -> Result<Vec<Uuid>, Error> {
    let somebody = confirmed(&Scope::house())
        .select_only()
        .column(Column::Id)
        .filter(Expr::col((Entity, Column::OrgId)).equals((org::Entity, org::Column::Id)))
        .into_query();
    org::Entity::find()
        .select_only()
        .column(org::Column::Id)
        .filter(within(org::Column::Id, &[path.to_owned()]))
        .filter(org::Column::Id.gt(org))
        .filter(Expr::exists(somebody))
        .order_by_asc(org::Column::Id)
        .limit(ORGS)
        .into_tuple()
        .all(db)
        .await
        .step("walk over orgs")
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
