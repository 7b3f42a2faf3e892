//! The tree is public by nature: names, kinds and codes of orgs and the values in force there hold for everybody,
//! so their queries take no `Scope`. What is an org's own (members, memberships, grants) does.

use std::collections::HashMap;

use ::entity::{
    membership::{self, MembershipState},
    org::{Column, Entity, Model, OrgKind},
    org_setting, person, person_skill,
    role_grant::{self, Role},
};
use entity::At;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, JoinType,
    QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::{
    identity::{Scope, upward, within},
    kernel::Error,
    platform::{
        db::{Step, has_part},
        http::page::newest_first,
    },
};

use super::{members::MemberFilter, values::SetValue};

/// An org by its id. Public.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>, Error> {
    Entity::find_by_id(id).one(db).await.step("read an org")
}

/// What orgs are called, in one query. Public.
pub async fn names(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>, Error> {
    let rows = columns_of(db, ids, Column::Name).await.step("read names of orgs")?;
    Ok(rows.into_iter().collect())
}

/// The paths of orgs, in one query. Public.
pub async fn paths(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<(Uuid, String)>, Error> {
    columns_of(db, ids, Column::Path).await.step("read paths of orgs")
}

/// The orgs at these paths, in one query. Public.
pub async fn at_paths(db: &impl ConnectionTrait, paths: &[&str]) -> Result<Vec<Uuid>, Error> {
    let found = Entity::find().select_only().column(Column::Id);
    let found = found.filter(Column::Path.is_in(paths.iter().copied())).into_tuple().all(db).await;
    found.step("read the orgs at paths")
}

/// What the orgs at these paths are called, by path. Public.
pub(super) async fn names_at(
    db: &impl ConnectionTrait,
    mut paths: Vec<&str>,
) -> Result<HashMap<String, String>, Error> {
    paths.sort_unstable();
    paths.dedup();
    if paths.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Entity::find().select_only().columns([Column::Path, Column::Name]);
    let rows: Vec<(String, String)> =
        rows.filter(Column::Path.is_in(paths)).into_tuple().all(db).await.step("read the ways")?;
    Ok(rows.into_iter().collect())
}

async fn columns_of(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
    column: Column,
) -> Result<Vec<(Uuid, String)>, sea_orm::DbErr> {
    let mut ids: Vec<_> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find().select_only().columns([Column::Id, column]);
    rows.filter(Column::Id.is_in(ids)).into_tuple().all(db).await
}

/// The org itself or the one above it that is of that kind. Public.
pub async fn ancestor_of_kind(
    db: &impl ConnectionTrait,
    org: &Model,
    kind: OrgKind,
) -> Result<Option<Model>, Error> {
    let way = Entity::find().filter(Column::Path.is_in(upward(&org.path)));
    way.filter(Column::Kind.eq(kind)).one(db).await.step("read an org above")
}

/// All orgs above one, from the root down. Public.
pub async fn ancestors(db: &impl ConnectionTrait, org: &Model) -> Result<Vec<Model>, Error> {
    let way = Entity::find().filter(Column::Path.is_in(upward(&org.path)));
    let found = way.filter(Column::Id.ne(org.id)).all(db).await;
    let mut above = found.step("read the orgs above")?;
    above.sort_by_key(|org| org.path.len());
    Ok(above)
}

/// Which orgs to list, in the order they were added: a parent always before its children.
#[derive(Debug, Default)]
pub(super) struct OrgFilter {
    pub parent_id: Option<Uuid>,
    /// Only what lies below this one, however far.
    pub under: Option<Model>,
    /// A part of the name; Latin letters in either case.
    pub name: Option<String>,
    pub after: Option<Uuid>,
    pub limit: u64,
}

/// One page of orgs, with one row more than asked where there is more. Public.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    filter: OrgFilter,
) -> Result<Vec<Model>, Error> {
    let mut query = Entity::find();
    if let Some(parent) = filter.parent_id {
        query = query.filter(Column::ParentId.eq(parent));
    }
    if let Some(under) = filter.under {
        query = query.filter(Column::Id.ne(under.id)).filter(within(Column::Id, &[under.path]));
    }
    if let Some(name) = filter.name {
        query = query.filter(has_part(Column::Name, &name));
    }
    if let Some(after) = filter.after {
        query = query.filter(Column::Id.gt(after));
    }
    query.order_by_asc(Column::Id).limit(filter.limit + 1).all(db).await.step("list orgs")
}

/// What was set at each of the paths. In force for everybody there, so public to the house; showing who set it is
/// the caller's to allow.
pub(super) async fn set_at(
    db: &impl ConnectionTrait,
    paths: Vec<&str>,
) -> Result<HashMap<String, Vec<SetValue>>, Error> {
    use org_setting::Column as Setting;
    let rows: Vec<(String, Uuid, String, serde_json::Value, bool)> = org_setting::Entity::find()
        .select_only()
        .column(Column::Path)
        .columns([Setting::OrgId, Setting::Key, Setting::Value, Setting::Locked])
        .join(
            JoinType::InnerJoin,
            org_setting::Entity::belongs_to(Entity).from(Setting::OrgId).to(Column::Id).into(),
        )
        .filter(Column::Path.is_in(paths))
        .into_tuple()
        .all(db)
        .await
        .step("read the settings on the way")?;
    let mut set: HashMap<String, Vec<SetValue>> = HashMap::new();
    for (path, org_id, key, value, locked) in rows {
        set.entry(path).or_default().push(SetValue { org_id, key, value, locked });
    }
    Ok(set)
}

/// An org in the scope's subtrees.
pub(super) async fn within_reach(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    Ok(find(db, id).await?.filter(|org| scope.covers(&org.path)))
}

/// A membership in the scope's subtrees, locked until the transaction ends.
pub(super) async fn locked_membership(
    tx: &DatabaseTransaction,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<membership::Model>, Error> {
    let found = membership::Entity::find_by_id(id).filter(scope.reach(membership::Column::OrgId));
    found.lock_exclusive().one(tx).await.step("lock a membership")
}

/// The place a person has in an org in the scope's subtrees, or asks for there.
///
/// # Errors
/// When it cannot be read.
pub async fn member(
    db: &impl ConnectionTrait,
    scope: &Scope,
    org_id: Uuid,
    person_id: Uuid,
) -> Result<Option<membership::Model>, Error> {
    use membership::Column as Member;
    membership::Entity::find()
        .filter(scope.reach(Member::OrgId))
        .filter(Member::OrgId.eq(org_id))
        .filter(Member::PersonId.eq(person_id))
        .filter(Member::State.is_in([MembershipState::Pending, MembershipState::Confirmed]))
        .one(db)
        .await
        .step("read a member")
}

/// One page of an org's memberships, newest first, with one row more where there is more.
pub(super) async fn memberships(
    db: &impl ConnectionTrait,
    scope: &Scope,
    org: &Model,
    filter: &MemberFilter,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<membership::Model>, Error> {
    use membership::Column as Member;
    let now = vec![MembershipState::Pending, MembershipState::Confirmed];
    let states = filter.state.map_or(now, |state| vec![state]);
    let mut query = membership::Entity::find()
        .filter(scope.reach(Member::OrgId))
        .filter(Member::State.is_in(states));
    query = query.filter(match filter.below {
        true => within(Member::OrgId, std::slice::from_ref(&org.path)),
        false => Condition::all().add(Member::OrgId.eq(org.id)),
    });
    if let Some(class) = filter.class {
        query = query.filter(Member::Class.eq(class));
    }
    let page = newest_first(query, Member::Id, after, limit);
    page.all(db).await.step("list members")
}

fn ids(memberships: &[membership::Model]) -> impl Iterator<Item = Uuid> {
    memberships.iter().map(|row| row.person_id)
}

/// The people behind memberships that were read within a scope.
pub(super) async fn people_of(
    db: &impl ConnectionTrait,
    memberships: &[membership::Model],
) -> Result<HashMap<Uuid, person::Model>, Error> {
    let people = person::Entity::find().filter(person::Column::Id.is_in(ids(memberships)));
    let people = people.all(db).await.step("read members")?;
    Ok(people.into_iter().map(|person| (person.id, person)).collect())
}

/// What each of them is trusted to do at `now`.
pub(super) async fn skills_of(
    db: &impl ConnectionTrait,
    memberships: &[membership::Model],
    now: At,
) -> Result<HashMap<Uuid, Vec<String>>, Error> {
    use person_skill::Column as Skill;
    let skills = person_skill::Entity::find()
        .filter(Skill::PersonId.is_in(ids(memberships)))
        .filter(Condition::any().add(Skill::ExpiresAt.is_null()).add(Skill::ExpiresAt.gt(now)))
        .order_by_asc(Skill::Skill)
        .all(db)
        .await
        .step("read skills")?;
    let mut known: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in skills {
        known.entry(row.person_id).or_default().push(row.skill);
    }
    Ok(known)
}

/// The roles each of them holds within the scope, each once.
pub(super) async fn roles_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    memberships: &[membership::Model],
) -> Result<HashMap<Uuid, Vec<Role>>, Error> {
    use role_grant::Column as Grant;
    let grants = role_grant::Entity::find()
        .filter(scope.reach(Grant::OrgId))
        .filter(Grant::PersonId.is_in(ids(memberships)))
        .filter(Grant::RevokedAt.is_null())
        .order_by_asc(Grant::Id)
        .all(db)
        .await
        .step("read members' roles")?;
    let mut held: HashMap<Uuid, Vec<Role>> = HashMap::new();
    for grant in grants {
        let roles = held.entry(grant.person_id).or_default();
        if !roles.contains(&grant.role) {
            roles.push(grant.role);
        }
    }
    Ok(held)
}

/// A live grant on that very org.
pub(super) async fn grant(
    db: &impl ConnectionTrait,
    scope: &Scope,
    org_id: Uuid,
    id: Uuid,
) -> Result<Option<role_grant::Model>, Error> {
    role_grant::Entity::find_by_id(id)
        .filter(scope.reach(role_grant::Column::OrgId))
        .filter(role_grant::Column::OrgId.eq(org_id))
        .filter(role_grant::Column::RevokedAt.is_null())
        .one(db)
        .await
        .step("read a grant")
}

/// One page of the live grants on an org, newest first, with one row more where there is more.
pub(super) async fn grants(
    db: &impl ConnectionTrait,
    scope: &Scope,
    org_id: Uuid,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<role_grant::Model>, Error> {
    use role_grant::Column as Grant;
    let query = role_grant::Entity::find()
        .filter(scope.reach(Grant::OrgId))
        .filter(Grant::OrgId.eq(org_id))
        .filter(Grant::RevokedAt.is_null());
    let page = newest_first(query, Grant::Id, after, limit);
    page.all(db).await.step("list grants")
}
