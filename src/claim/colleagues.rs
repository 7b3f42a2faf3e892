//! 找同伴: whom a seat may be handed to, by name. People find those they serve with, in their own branch or community;
//! nobody else's name is said, and nothing but the name.

use ::entity::{
    claim::{self, ClaimState},
    membership::{self, MembershipKind, MembershipState},
    person,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, RelationDef,
};
use uuid::Uuid;

use crate::{
    dispatch::{self, cards},
    identity::{Resident, Scope, within},
    org,
    platform::{
        AppState,
        db::{Step, has_part},
        http::{Problem, problem::NOT_FOUND},
    },
    request::PersonRef,
};

use super::store;

/// Names said at once; whoever looks for somebody writes another sign.
const MOST: u64 = 10;

fn of_person() -> RelationDef {
    let relation = membership::Entity::belongs_to(person::Entity);
    relation.from(membership::Column::PersonId).to(person::Column::Id).into()
}

/// People of one's own branch or community whose name has `part` in it and who are in the ring of the task that the
/// claim is of; without those who have a seat there.
///
/// # Errors
/// `NOT_FOUND` for another's claim.
pub(super) async fn find(
    state: &AppState,
    me: &Resident,
    claim_id: Uuid,
    part: &str,
) -> Result<Vec<PersonRef>, Problem> {
    let (db, house) = (state.db.read(), Scope::house());
    let mine = store::own(db, &me.own_scope(), claim_id).await?.ok_or(NOT_FOUND)?;
    let task = dispatch::find(db, &house, mine.task_id).await?.ok_or(NOT_FOUND)?;
    let card = cards(db, std::slice::from_ref(&task)).await?.remove(0);
    let rings = std::iter::once(card.ring_org_id).chain(card.lent_by.iter().copied());
    let rings: Vec<_> = org::paths(db, rings).await?.into_iter().map(|(_, path)| path).collect();
    let places = me.caller().places.iter();
    let places = places.filter(|place| place.state == MembershipState::Confirmed);
    let places: Vec<_> = places.map(|place| place.org_path.clone()).collect();
    let seated = claim::Entity::find()
        .select_only()
        .column(claim::Column::PersonId)
        .filter(claim::Column::TaskId.eq(task.id))
        .filter(claim::Column::State.is_not_in([ClaimState::Released, ClaimState::Cancelled]));
    // Whoever only lives here is not shown; who serves is.
    let serves = Condition::any()
        .add(membership::Column::Kind.eq(MembershipKind::HomeBranch))
        .add(person::Column::Volunteer.eq(true));
    let mut query = membership::Entity::find()
        .select_only()
        .columns([person::Column::Id, person::Column::Name])
        .distinct()
        .join(JoinType::InnerJoin, of_person())
        .filter(membership::Column::State.eq(MembershipState::Confirmed))
        .filter(within(membership::Column::OrgId, &places))
        .filter(within(membership::Column::OrgId, &rings))
        .filter(serves)
        .filter(has_part(person::Column::Name, part))
        .filter(person::Column::Id.ne(me.id()))
        .filter(person::Column::Id.not_in_subquery(seated.into_query()));
    if card.named {
        let named = dispatch::named_for(db, &house, task.id).await?;
        query = query.filter(person::Column::Id.is_in(named));
    }
    let found = query.order_by_asc(person::Column::Name).limit(MOST);
    let rows: Vec<(Uuid, String)> =
        found.into_tuple().all(db).await.step("look for a colleague")?;
    Ok(rows.into_iter().map(|(id, name)| PersonRef { id, name }).collect())
}
