//! 代管: while somebody of the office is away, a colleague looks after the requests they own. Ownership stays; the
//! resident sees both names.

use std::time::Duration;

use ::entity::{
    deputy::{ActiveModel, Column, Entity, Model},
    request,
};
use entity::At;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    identity::{Dispatcher, Scope, people},
    kernel::Error,
    platform::{AppState, db::Step},
};

use super::{form::fault, post::PostError, store, view::PersonRef};

/// Nobody is away for longer than this without a new owner.
const LONGEST: Duration = Duration::from_secs(180 * 24 * 3600);

/// Who stands in, and until when.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeputyForm {
    /// A colleague who works for all the orgs one works for oneself.
    pub user_id: Uuid,
    pub until: At,
}

/// Who stands in for me.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeputyView {
    /// null: nobody.
    pub deputy: Option<PersonRef>,
    pub until: Option<At>,
}

/// Names a deputy, in place of one named before.
///
/// # Errors
/// `Field` for oneself, somebody who does not work where one works, and a time that cannot be.
pub(super) async fn name(
    state: &AppState,
    me: &Dispatcher,
    form: DeputyForm,
) -> Result<DeputyView, PostError> {
    let now = state.clock.now();
    if form.until <= now || form.until > now.plus(LONGEST) {
        let zh = "请选从现在起 180 天以内的时间";
        return Err(fault("until", "time", zh, "Within 180 days from now, please").into());
    }
    let tx = state.db.write().await?;
    let mine = me.caller().roles.iter().filter(|held| Dispatcher::ROLES.contains(&held.role));
    let mut fits = form.user_id != me.id();
    for held in mine {
        fits &= people::serves(&*tx, form.user_id, Dispatcher::ROLES, &held.org_path).await?;
    }
    if !fits {
        let zh = "请选择和您在同一个单位工作的同事";
        return Err(fault("user_id", "value", zh, "Choose a colleague of the same office").into());
    }
    let row = ActiveModel {
        person_id: Set(me.id()),
        deputy_id: Set(form.user_id),
        until: Set(form.until),
    };
    let anew = OnConflict::column(Column::PersonId)
        .update_columns([Column::DeputyId, Column::Until])
        .to_owned();
    let stored = Entity::insert(row).on_conflict(anew).exec_without_returning(&*tx).await;
    stored.step("name a deputy")?;
    let view = view(&*tx, me.id(), now).await?;
    tx.commit().await?;
    Ok(view)
}

/// Who stands in for a person now.
///
/// # Errors
/// When the rows cannot be read.
pub(super) async fn view(
    db: &impl ConnectionTrait,
    person: Uuid,
    now: At,
) -> Result<DeputyView, Error> {
    let away = store::deputies(db, &Scope::house(), vec![person], now).await?.pop();
    let Some(Model { deputy_id: id, until, .. }) = away else {
        return Ok(DeputyView { deputy: None, until: None });
    };
    let name = people::names(db, [id]).await?.remove(&id).unwrap_or_default();
    Ok(DeputyView { deputy: Some(PersonRef { id, name }), until: Some(until) })
}

/// Back at the desk.
///
/// # Errors
/// When the row cannot be dropped.
pub(super) async fn drop(state: &AppState, person: Uuid) -> Result<(), Error> {
    let tx = state.db.write().await?;
    Entity::delete_by_id(person).exec(&*tx).await.step("drop a deputy")?;
    tx.commit().await
}

/// Who of the office is told about a request now: its owner, or whoever stands in; None where nobody owns it.
///
/// # Errors
/// When the rows cannot be read.
pub async fn keeper(
    db: &impl ConnectionTrait,
    request: &request::Model,
    now: At,
) -> Result<Option<Uuid>, Error> {
    let Some(owner) = request.owner_id else { return Ok(None) };
    let away = store::deputies(db, &Scope::house(), vec![owner], now).await?.pop();
    Ok(Some(away.map_or(owner, |away| away.deputy_id)))
}
