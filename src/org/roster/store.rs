//! What a roster is held against, read in portions. People are unique in the installation, so a phone is looked up
//! everywhere; all else lies below the org that imports.

use std::collections::HashMap;

use ::entity::{
    membership::{self, MembershipKind, MembershipState},
    org::{self, OrgKind},
    party_record, person, person_skill,
    roster_import::{ActiveModel, Column, Entity, ImportState, Model},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect,
    sea_query::{LockType, OnConflict},
};
use uuid::Uuid;

use crate::{
    identity::{Scope, upward, within},
    kernel::Error,
    platform::{db::Step, http::page::newest_first},
};

/// Rows per statement.
pub(super) const PORTION: usize = 500;

/// Branches and groups of a subtree: id and name.
pub(super) async fn branches(
    db: &impl ConnectionTrait,
    org: &org::Model,
) -> Result<Vec<(Uuid, String)>, Error> {
    let below = within(org::Column::Id, std::slice::from_ref(&org.path));
    let found = org::Entity::find()
        .select_only()
        .columns([org::Column::Id, org::Column::Name])
        .filter(below)
        .filter(org::Column::Kind.is_in([OrgKind::Branch, OrgKind::Group]));
    found.into_tuple().all(db).await.step("read the branches below")
}

/// Communities of those names in a subtree. Public.
pub(super) async fn communities(
    db: &impl ConnectionTrait,
    root: &str,
    names: Vec<String>,
) -> Result<Vec<org::Model>, Error> {
    let mut found = Vec::new();
    for portion in names.chunks(PORTION) {
        let some = org::Entity::find()
            .filter(within(org::Column::Id, &[root.to_owned()]))
            .filter(org::Column::Kind.eq(OrgKind::Community))
            .filter(org::Column::Name.is_in(portion));
        found.extend(some.all(db).await.step("look communities up")?);
    }
    Ok(found)
}

/// People by the fingerprints of their phones.
pub(super) async fn by_phones(
    db: &impl ConnectionTrait,
    indexes: Vec<String>,
) -> Result<HashMap<String, person::Model>, Error> {
    let mut found = HashMap::new();
    for portion in indexes.chunks(PORTION) {
        let some = person::Entity::find().filter(person::Column::PhoneIndex.is_in(portion));
        let some = some.all(db).await.step("look phones up")?;
        found.extend(some.into_iter().filter_map(|row| Some((row.phone_index.clone()?, row))));
    }
    Ok(found)
}

fn now() -> [MembershipState; 2] {
    [MembershipState::Pending, MembershipState::Confirmed]
}

/// The members of branches, each with the branch.
pub(super) async fn members_of(
    db: &impl ConnectionTrait,
    branches: Vec<Uuid>,
) -> Result<Vec<(Uuid, person::Model)>, Error> {
    let mut found = Vec::new();
    for portion in branches.chunks(PORTION) {
        let homes = membership::Entity::find()
            .filter(membership::Column::OrgId.is_in(portion.iter().copied()))
            .filter(membership::Column::Kind.eq(MembershipKind::HomeBranch))
            .filter(membership::Column::State.is_in(now()));
        let homes = homes.all(db).await.step("read the branches' members")?;
        let branch: HashMap<_, _> = homes.iter().map(|row| (row.person_id, row.org_id)).collect();
        let people: Vec<_> = branch.keys().copied().collect();
        for some in people.chunks(PORTION) {
            let some = person::Entity::find()
                .filter(person::Column::Id.is_in(some.iter().copied()))
                .all(db)
                .await
                .step("read the members")?;
            found.extend(some.into_iter().filter_map(|row| Some((*branch.get(&row.id)?, row))));
        }
    }
    Ok(found)
}

/// What is known of people besides who they are.
#[derive(Default)]
pub(super) struct Known {
    pub places: HashMap<Uuid, Vec<membership::Model>>,
    pub records: HashMap<Uuid, party_record::Model>,
    pub skills: HashMap<Uuid, Vec<String>>,
}

/// Their places, records and skills.
pub(super) async fn known(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<Known, Error> {
    let mut known = Known::default();
    for portion in people.chunks(PORTION) {
        let ids = || portion.iter().copied();
        let places = membership::Entity::find()
            .filter(membership::Column::PersonId.is_in(ids()))
            .filter(membership::Column::State.is_in(now()));
        for row in places.all(db).await.step("read people's places")? {
            known.places.entry(row.person_id).or_default().push(row);
        }
        let records = party_record::Entity::find()
            .filter(party_record::Column::PersonId.is_in(ids()))
            .all(db)
            .await
            .step("read party records")?;
        known.records.extend(records.into_iter().map(|row| (row.person_id, row)));
        let skills = person_skill::Entity::find()
            .filter(person_skill::Column::PersonId.is_in(ids()))
            .all(db)
            .await
            .step("read people's skills")?;
        for row in skills {
            known.skills.entry(row.person_id).or_default().push(row.skill);
        }
    }
    Ok(known)
}

/// Imports write one after another, so that what one has read still holds when it writes.
pub(super) async fn take_turn(tx: &DatabaseTransaction, org: &org::Model) -> Result<(), Error> {
    let root = upward(&org.path).first().copied().unwrap_or_default();
    let root = org::Entity::find().filter(org::Column::Path.eq(root));
    let root = root.lock(LockType::NoKeyUpdate).one(tx).await.step("wait for other imports")?;
    root.map(drop).ok_or_else(|| Error::impossible("wait for other imports"))
}

/// How many imports have written, ever.
pub(super) async fn written(db: &impl ConnectionTrait) -> Result<u64, Error> {
    let done =
        Entity::find().filter(Column::State.eq(ImportState::Done)).filter(Column::DryRun.eq(false));
    done.count(db).await.step("count imports")
}

/// Stores an import as it is now, new or known.
pub(super) async fn keep(tx: &DatabaseTransaction, import: Model) -> Result<(), Error> {
    let row: ActiveModel = import.into_active_model().reset_all();
    let again = OnConflict::column(Column::Id)
        .update_columns([
            Column::State,
            Column::Rows,
            Column::Checked,
            Column::Added,
            Column::Changed,
            Column::Unchanged,
            Column::Findings,
            Column::UpdatedAt,
        ])
        .to_owned();
    let kept = Entity::insert(row).on_conflict(again).exec_without_returning(tx).await;
    kept.step("keep an import").map(drop)
}

/// An import of an org in reach.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    let found = Entity::find_by_id(id).filter(scope.reach(Column::OrgId));
    found.one(db).await.step("read an import")
}

/// One page of an org's imports, newest first, with one more where there is more.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    org_id: Uuid,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    let query = Entity::find().filter(scope.reach(Column::OrgId)).filter(Column::OrgId.eq(org_id));
    newest_first(query, Column::Id, after, limit).all(db).await.step("list imports")
}
