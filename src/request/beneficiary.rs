//! 代为点单: for whom somebody else asked. The helper tells how they agreed; name, phone and these words rest sealed.
//! Whoever has proved the phone number sees the request as if it were their own.

use std::collections::HashMap;

use ::entity::{
    beneficiary::{ActiveModel, Column, Entity, Model},
    person,
};
use entity::At;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    identity::{Scope, people},
    kernel::Error,
    platform::{AppState, Tx, db::Step},
};

use super::form::OnBehalf;

/// More requests than these on one person's behalf are not looked through; the newest count.
const MOST: u64 = 200;

/// For whom it was asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct BeneficiaryView {
    pub name: String,
    /// `138****5678`
    pub phone: String,
    /// 对方怎样同意的
    pub consent: String,
    pub consent_at: At,
}

/// Keeps for whom a request was posted, in the transaction that posts it.
pub(super) async fn add(
    tx: &Tx,
    state: &AppState,
    request_id: Uuid,
    other: &OnBehalf,
) -> Result<(), Error> {
    let seal = |column, text: &str| state.crypto.seal(column, request_id, text.trim());
    let row = ActiveModel {
        request_id: Set(request_id),
        name: Set(seal("beneficiary.name", &other.name)),
        phone: Set(seal("beneficiary.phone", &other.phone)),
        phone_index: Set(people::phone_index(state, &other.phone)),
        consent: Set(seal("beneficiary.consent", &other.consent)),
        consent_at: Set(state.clock.now()),
    };
    Entity::insert(row).exec_without_returning(&**tx).await.step("keep the beneficiary")?;
    Ok(())
}

/// Requests posted on behalf of the caller: of the number they have proved.
pub(super) async fn named(db: &impl ConnectionTrait, scope: &Scope) -> Result<Vec<Uuid>, Error> {
    let Some(me) = scope.person() else { return Ok(Vec::new()) };
    let number = person::Entity::find_by_id(me)
        .filter(person::Column::PhoneIndex.is_not_null())
        .select_only()
        .column(person::Column::PhoneIndex)
        .into_query();
    Entity::find()
        .select_only()
        .column(Column::RequestId)
        .filter(Column::PhoneIndex.in_subquery(number))
        .order_by_desc(Column::RequestId)
        .limit(MOST)
        .into_tuple()
        .all(db)
        .await
        .step("read what was asked on one's behalf")
}

/// For whom each of the requests was posted, opened, in one query; the requests were found by scope.
pub(super) async fn views(
    db: &impl ConnectionTrait,
    state: &AppState,
    _scope: &Scope,
    request_ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, BeneficiaryView>, Error> {
    let rows = Entity::find().filter(Column::RequestId.is_in(request_ids)).all(db).await;
    let rows = rows.step("read the beneficiaries")?;
    rows.iter().map(|row| Ok((row.request_id, view(state, row)?))).collect()
}

fn view(state: &AppState, row: &Model) -> Result<BeneficiaryView, Error> {
    let open = |column, sealed| state.crypto.open(column, row.request_id, sealed);
    Ok(BeneficiaryView {
        name: open("beneficiary.name", &row.name)?,
        phone: people::masked(&open("beneficiary.phone", &row.phone)?),
        consent: open("beneficiary.consent", &row.consent)?,
        consent_at: row.consent_at,
    })
}

/// Those who follow a request as their own: who asked, and who is to be helped where they have an account.
///
/// # Errors
/// When the rows cannot be read.
pub async fn parties(
    db: &impl ConnectionTrait,
    request: &::entity::request::Model,
) -> Result<Vec<Uuid>, Error> {
    let other = Entity::find_by_id(request.id).one(db).await.step("read the beneficiary")?;
    let helped = match other {
        Some(other) => people::by_index(db, &other.phone_index).await?,
        None => None,
    };
    Ok([request.requester_id].into_iter().chain(helped).collect())
}

/// Name and phone of the one to be helped: the beneficiary, where the request was posted on somebody's behalf, else
/// the one who asked. For those who come to help, and nobody else.
///
/// # Errors
/// When the rows cannot be read or opened.
pub async fn contact(
    db: &impl ConnectionTrait,
    state: &AppState,
    request: &::entity::request::Model,
) -> Result<(String, Option<String>), Error> {
    let other = Entity::find_by_id(request.id).one(db).await.step("read the beneficiary")?;
    if let Some(other) = other {
        let name = state.crypto.open("beneficiary.name", other.request_id, &other.name)?;
        let phone = state.crypto.open("beneficiary.phone", other.request_id, &other.phone)?;
        return Ok((name, Some(phone)));
    }
    let id = request.requester_id;
    let name = people::names(db, [id]).await?.remove(&id).unwrap_or_default();
    Ok((name, people::phone(db, state, id).await?))
}
