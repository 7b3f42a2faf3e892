//! Who could be asked for a task at all: people who serve in its ring.

use ::entity::{
    membership::{self, MembershipKind, MembershipState},
    person,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationDef,
};
use uuid::Uuid;

use crate::{dispatch::Card, identity::within, kernel::Error, org, platform::db::Step};

/// People looked at for one task. Nearer orgs come first, so a district's task still finds its own community whole.
const MOST: u64 = 500;

fn of_person() -> RelationDef {
    let relation = membership::Entity::belongs_to(person::Entity);
    relation.from(membership::Column::PersonId).to(person::Column::Id).into()
}

/// Members of the task's own org first, then of its ring and of orgs that lend their people; volunteers where the task
/// is open to them.
pub(super) async fn candidates(db: &impl ConnectionTrait, card: &Card) -> Result<Vec<Uuid>, Error> {
    let own = paths(db, vec![card.org_id]).await?;
    let rings = std::iter::once(card.ring_org_id).chain(card.lent_by.iter().copied());
    let rings = paths(db, rings.collect()).await?;
    let mut found = members(db, card, &own, MOST).await?;
    if (found.len() as u64) < MOST {
        for one in members(db, card, &rings, MOST).await? {
            if !found.contains(&one) && (found.len() as u64) < MOST {
                found.push(one);
            }
        }
    }
    Ok(found)
}

async fn paths(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<String>, Error> {
    Ok(org::paths(db, ids).await?.into_iter().map(|(_, path)| path).collect())
}

async fn members(
    db: &impl ConnectionTrait,
    card: &Card,
    paths: &[String],
    most: u64,
) -> Result<Vec<Uuid>, Error> {
    let mut serve = Condition::any().add(membership::Column::Kind.eq(MembershipKind::HomeBranch));
    if card.volunteers {
        serve = serve.add(person::Column::Volunteer.eq(true));
    }
    membership::Entity::find()
        .select_only()
        .column(membership::Column::PersonId)
        .distinct()
        .join(JoinType::InnerJoin, of_person())
        .filter(membership::Column::State.eq(MembershipState::Confirmed))
        .filter(within(membership::Column::OrgId, paths))
        .filter(serve)
        .order_by_asc(membership::Column::PersonId)
        .limit(most)
        .into_tuple()
        .all(db)
        .await
        .step("look for candidates")
}
