//! People as other rooms need them: a row to add, a name to show, a phone for those who may see it.

use std::collections::{HashMap, HashSet};

use ::entity::{
    person::{ActiveModel, Column, Entity, Model},
    role_grant::Role,
    wechat_identity,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, LockBehavior, LockType},
};
use uuid::Uuid;

use crate::{
    kernel::Error,
    platform::{AppState, db::Step},
};

/// What is known of a person when their row is made.
#[derive(Clone, Debug, Default)]
pub struct NewPerson {
    pub name: Option<String>,
    pub real_name: Option<String>,
    /// 11 digits, checked.
    pub phone: Option<String>,
}

use super::{Scope, actors::Held};

pub use super::store::{places, places_of};

/// Adds a person. Without a name they are called 邻居 and four signs of their id.
pub async fn add(
    tx: &DatabaseTransaction,
    state: &AppState,
    new: NewPerson,
) -> Result<Uuid, Error> {
    let now = state.clock.now();
    let id = state.rng.id(now);
    let called = new.name.unwrap_or_else(|| neighbour(id));
    let row = ActiveModel {
        id: Set(id),
        name: Set(called),
        real_name: Set(new.real_name.map(|n| state.crypto.seal("person.real_name", id, &n))),
        phone_index: Set(new.phone.as_deref().map(|phone| phone_index(state, phone))),
        phone: Set(new.phone.map(|phone| state.crypto.seal("person.phone", id, &phone))),
        volunteer: Set(false),
        ranked: Set(false),
        left_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    Entity::insert(row).exec_without_returning(tx).await.step("add a person")?;
    Ok(id)
}

/// What somebody without a name is called.
fn neighbour(id: Uuid) -> String {
    format!("邻居{}", &id.simple().to_string()[28..])
}

/// Takes what a person wants to be called away from them: until they say it anew they are a neighbour.
///
/// # Errors
/// When it cannot be stored.
pub async fn unname(tx: &DatabaseTransaction, state: &AppState, id: Uuid) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::Name, Expr::value(neighbour(id)))
        .col_expr(Column::UpdatedAt, Expr::value(state.clock.now().ms()))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await
        .step("take a name away")
        .map(drop)
}

/// Whom an openid of our mini program opens.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_openid(
    db: &impl ConnectionTrait,
    state: &AppState,
    openid: &str,
) -> Result<Option<Uuid>, Error> {
    let key = (state.wechat.app_id().to_owned(), openid.to_owned());
    let found = wechat_identity::Entity::find_by_id(key).one(db).await;
    Ok(found.step("look an openid up")?.map(|known| known.person_id))
}

/// The fingerprint phones are found by.
pub fn phone_index(state: &AppState, phone: &str) -> String {
    state.crypto.blind_index("person.phone", phone)
}

/// The person registered with that phone.
pub async fn by_phone(
    db: &impl ConnectionTrait,
    state: &AppState,
    phone: &str,
) -> Result<Option<Model>, Error> {
    Entity::find()
        .filter(Column::PhoneIndex.eq(phone_index(state, phone)))
        .one(db)
        .await
        .step("look a phone up")
}

/// The person who proved the number of that blind index.
///
/// # Errors
/// When the database cannot be read.
pub async fn by_index(db: &impl ConnectionTrait, index: &str) -> Result<Option<Uuid>, Error> {
    let found = Entity::find().filter(Column::PhoneIndex.eq(index)).one(db).await;
    Ok(found.step("look a blind index up")?.map(|person| person.id))
}

/// Who a person is to our mini program; None: they never came through WeChat.
///
/// # Errors
/// When the database cannot be read.
pub async fn openid(
    db: &impl ConnectionTrait,
    state: &AppState,
    id: Uuid,
) -> Result<Option<String>, Error> {
    let identity = wechat_identity::Entity::find()
        .filter(wechat_identity::Column::PersonId.eq(id))
        .filter(wechat_identity::Column::AppId.eq(state.wechat.app_id()))
        .one(db)
        .await
        .step("look for an openid")?;
    Ok(identity.map(|identity| identity.openid))
}

/// The row, locked until the transaction ends: everything one person does happens one after another.
pub async fn lock(tx: &DatabaseTransaction, id: Uuid) -> Result<Model, Error> {
    let found =
        Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(tx).await.step("lock the person")?;
    found.ok_or_else(|| Error::impossible("lock the person"))
}

/// Those of them whose rows nobody else has locked, now locked until the transaction ends; in the order of their ids.
pub async fn lock_the_free(
    tx: &DatabaseTransaction,
    ids: Vec<Uuid>,
) -> Result<HashSet<Uuid>, Error> {
    let rows: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.is_in(ids))
        .order_by_asc(Column::Id)
        .lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked)
        .into_tuple()
        .all(tx)
        .await
        .step("lock the people")?;
    Ok(rows.into_iter().collect())
}

/// What people are called, in one query.
pub async fn names(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>, Error> {
    let mut ids: Vec<_> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, String)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Name])
        .filter(Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await
        .step("read names")?;
    Ok(rows.into_iter().collect())
}

/// Whether a person has a place or a role somewhere in the scope's subtrees.
pub async fn known_to(db: &impl ConnectionTrait, scope: &Scope, id: Uuid) -> Result<bool, Error> {
    let places = places(db, id).await?;
    let held = super::store::held(db, id).await?;
    Ok(places.iter().any(|place| scope.covers(&place.org_path))
        || held.iter().any(|held| scope.covers(&held.org_path)))
}

/// Whether a person holds one of the roles on the org of that path or above it.
pub async fn serves(
    db: &impl ConnectionTrait,
    id: Uuid,
    roles: &[Role],
    org_path: &str,
) -> Result<bool, Error> {
    let held = super::store::held(db, id).await?;
    let here = |held: &Held| roles.contains(&held.role) && org_path.starts_with(&held.org_path);
    Ok(held.iter().any(here))
}

/// A person's phone, for those the rules let see it.
pub async fn phone(
    db: &impl ConnectionTrait,
    state: &AppState,
    id: Uuid,
) -> Result<Option<String>, Error> {
    let person = Entity::find_by_id(id).one(db).await.step("read a phone")?;
    let Some(person) = person else { return Ok(None) };
    state.crypto.open_some("person.phone", id, person.phone.as_ref())
}

/// The phones of many, masked, in one query; who has none is not among them.
pub async fn masked_phones(
    db: &impl ConnectionTrait,
    state: &AppState,
    ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, String>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = Entity::find().filter(Column::Id.is_in(ids)).filter(Column::Phone.is_not_null());
    let rows = found.all(db).await.step("read phones")?;
    let mask = |person: Model| {
        let phone = state.crypto.open_some("person.phone", person.id, person.phone.as_ref())?;
        Ok(phone.map(|phone| (person.id, masked(&phone))))
    };
    rows.into_iter().filter_map(|person| mask(person).transpose()).collect()
}

/// A person's name on the roster, for those the rules let see it.
pub async fn real_name(
    db: &impl ConnectionTrait,
    state: &AppState,
    id: Uuid,
) -> Result<Option<String>, Error> {
    let person = Entity::find_by_id(id).one(db).await.step("read a real name")?;
    let Some(person) = person else { return Ok(None) };
    state.crypto.open_some("person.real_name", id, person.real_name.as_ref())
}

/// What people are called on the roster, or call themselves where they are on none; for those the rules let see
/// it, in one query.
///
/// # Errors
/// When names cannot be read or opened.
pub async fn roster_names(
    db: &impl ConnectionTrait,
    state: &AppState,
    ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, String>, Error> {
    let people = Entity::find().filter(Column::Id.is_in(ids)).all(db).await;
    let name = |person: Model| {
        let real = person.real_name.as_ref();
        let real = state.crypto.open_some("person.real_name", person.id, real)?;
        Ok((person.id, real.unwrap_or(person.name)))
    };
    people.step("read names of a roster")?.into_iter().map(name).collect()
}

/// `138****5678`
pub fn masked(phone: &str) -> String {
    let signs: Vec<char> = phone.chars().collect();
    if signs.len() < 8 {
        return "*".repeat(signs.len());
    }
    let (head, tail) = (&signs[..3], &signs[signs.len() - 4..]);
    format!("{}****{}", String::from_iter(head), String::from_iter(tail))
}

/// Whether a text is a mainland mobile number: 11 digits from 13 to 19.
pub fn is_mobile(phone: &str) -> bool {
    let bytes = phone.as_bytes();
    bytes.len() == 11
        && bytes.iter().all(u8::is_ascii_digit)
        && bytes[0] == b'1'
        && (b'3'..=b'9').contains(&bytes[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_is_shown_by_its_ends_only() {
        assert_eq!(masked("13812345678"), "138****5678");
        assert_eq!(masked("12345"), "*****");
    }

    #[test]
    fn only_mainland_mobiles_pass() {
        assert!(is_mobile("13812345678") && is_mobile("19912345678"));
        for bad in [
            "1381234567",
            "138123456789",
            "12812345678",
            "２３８１２３４５６７８",
            "+8613812345678",
            "",
        ] {
            assert!(!is_mobile(bad), "{bad}");
        }
    }
}
