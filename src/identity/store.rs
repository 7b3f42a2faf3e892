//! Accounts and what hangs on them. Rows here belong to one person, named by an id that was proved.

use std::{collections::HashMap, sync::Arc};

use ::entity::{
    membership, org, person,
    role_grant::{self, Role},
    session, wechat_identity,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QuerySelect,
};
use uuid::Uuid;

use crate::{
    kernel::Error,
    platform::{
        AppState,
        db::{Step, padded},
    },
};

use super::{
    access_token::Claims,
    actors::{Caller, Held, Place},
};

/// The callers behind sessions that have not ended, by session; three queries, however many they are. Whom a
/// token means is seen there (`Caller::with`).
pub async fn callers(
    state: &AppState,
    claims: &[Claims],
) -> Result<HashMap<Uuid, Arc<Caller>>, Error> {
    use session::Column;
    let (db, now) = (state.db.read(), state.clock.now());
    let sessions: Vec<(Uuid, Uuid)> = session::Entity::find()
        .select_only()
        .columns([Column::Id, Column::PersonId])
        .filter(Column::Id.is_in(padded(claims.iter().map(|claims| claims.sid).collect())))
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .into_tuple()
        .all(db)
        .await
        .step("read the sessions")?;
    let people: Vec<_> = padded(sessions.iter().map(|(_, person)| *person).collect());
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let (held, places) = tokio::try_join!(held_of(db, &people), places_of(db, &people))?;
    let (mut roles, mut homes) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
    held.into_iter().for_each(|(person, held)| roles.entry(person).or_default().push(held));
    places.into_iter().for_each(|(person, place)| homes.entry(person).or_default().push(place));
    let ends: HashMap<_, _> = claims.iter().map(|claims| (claims.sid, claims.ends())).collect();
    let caller = |(session_id, person_id)| {
        let caller = Caller {
            person_id,
            session_id,
            token_ends: *ends.get(&session_id)?,
            roles: roles.get(&person_id).cloned().unwrap_or_default(),
            places: homes.get(&person_id).cloned().unwrap_or_default(),
        };
        Some((session_id, Arc::new(caller)))
    };
    Ok(sessions.into_iter().filter_map(caller).collect())
}

/// Whether a session is that person's and has not ended.
pub async fn is_in(state: &AppState, session_id: Uuid, person_id: Uuid) -> Result<bool, Error> {
    let (db, now) = (state.db.read(), state.clock.now());
    let session = session::Entity::find_by_id(session_id).one(db).await.step("read the session")?;
    Ok(session.is_some_and(|session| {
        session.person_id == person_id && session.revoked_at.is_none() && session.expires_at > now
    }))
}

/// The roles a person holds now.
pub async fn held(db: &impl ConnectionTrait, person_id: Uuid) -> Result<Vec<Held>, Error> {
    Ok(held_of(db, &[person_id]).await?.into_iter().map(|(_, held)| held).collect())
}

/// The roles that people hold now, in one query.
async fn held_of(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<Vec<(Uuid, Held)>, Error> {
    let grants = role_grant::Entity::find()
        .filter(role_grant::Column::PersonId.is_in(people.iter().copied()))
        .filter(role_grant::Column::RevokedAt.is_null())
        .all(db)
        .await
        .step("read the roles")?;
    let held = |grant: role_grant::Model| {
        let role_grant::Model { id, role, org_id, org_path, .. } = grant;
        (grant.person_id, Held { id, role, org_id, org_path })
    };
    Ok(grants.into_iter().map(held).collect())
}

/// The places a person has or has asked for.
pub async fn places(db: &impl ConnectionTrait, person_id: Uuid) -> Result<Vec<Place>, Error> {
    Ok(places_of(db, &[person_id]).await?.into_iter().map(|(_, place)| place).collect())
}

/// The places that people have or have asked for, in one query.
pub async fn places_of(
    db: &impl ConnectionTrait,
    people: &[Uuid],
) -> Result<Vec<(Uuid, Place)>, Error> {
    use membership::{Column, Entity, MembershipKind, MembershipState};
    let rows: Vec<(Uuid, Uuid, MembershipKind, MembershipState, String)> = Entity::find()
        .select_only()
        .columns([Column::PersonId, Column::OrgId, Column::Kind, Column::State])
        .column(org::Column::Path)
        .join(
            sea_orm::JoinType::InnerJoin,
            Entity::belongs_to(org::Entity).from(Column::OrgId).to(org::Column::Id).into(),
        )
        .filter(Column::PersonId.is_in(people.iter().copied()))
        .filter(Column::State.is_in([MembershipState::Pending, MembershipState::Confirmed]))
        .into_tuple()
        .all(db)
        .await
        .step("read the places")?;
    let place =
        |(person, org_id, kind, state, org_path)| (person, Place { org_id, org_path, kind, state });
    Ok(rows.into_iter().map(place).collect())
}

/// What orgs are called and what they are, in one query. Public.
pub async fn orgs(
    db: &impl ConnectionTrait,
    ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, (String, org::OrgKind)>, Error> {
    let rows: Vec<(Uuid, String, org::OrgKind)> = org::Entity::find()
        .select_only()
        .columns([org::Column::Id, org::Column::Name, org::Column::Kind])
        .filter(org::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await
        .step("read what orgs are called")?;
    Ok(rows.into_iter().map(|(id, name, kind)| (id, (name, kind))).collect())
}

/// The account an openid opens, made on first sight.
pub async fn person_of_openid(
    tx: &DatabaseTransaction,
    state: &AppState,
    openid: &str,
) -> Result<Uuid, Error> {
    let app_id = state.wechat.app_id().to_owned();
    let key = (app_id.clone(), openid.to_owned());
    if let Some(known) =
        wechat_identity::Entity::find_by_id(key.clone()).one(tx).await.step("look the openid up")?
    {
        return Ok(known.person_id);
    }
    let now = state.clock.now();
    let id = super::people::add(tx, state, super::people::NewPerson::default()).await?;
    let row = wechat_identity::ActiveModel {
        app_id: Set(app_id),
        openid: Set(openid.to_owned()),
        person_id: Set(id),
        created_at: Set(now),
    };
    let inserted = wechat_identity::Entity::insert(row)
        .on_conflict(sea_orm::sea_query::OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await
        .step("bind the openid")?;
    if inserted == 1 {
        return Ok(id);
    }
    // Two first sign-ins at once: the other one made the account.
    person::Entity::delete_by_id(id).exec(tx).await.step("drop the twin account")?;
    let known = wechat_identity::Entity::find_by_id(key).one(tx).await.step("look again")?;
    known.map(|known| known.person_id).ok_or_else(|| Error::impossible("look the openid up again"))
}

/// Whether a person holds any of the roles anywhere.
pub async fn holds_any(
    db: &impl ConnectionTrait,
    person_id: Uuid,
    roles: &[Role],
) -> Result<bool, Error> {
    Ok(held(db, person_id).await?.iter().any(|held| roles.contains(&held.role)))
}
