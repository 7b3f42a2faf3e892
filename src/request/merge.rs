//! 合并: requests that ask for the same are handled once. The one merged follows the other: its requester sees the
//! other's progress. Where the other is withdrawn, those merged into it stand on their own again.

use ::entity::request::{ActiveModel, Column, Entity, Model, RequestState};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr,
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    identity::{Dispatcher, Resident, Scope},
    kernel::{Error, Event},
    platform::{AppState, Tx, db::Step, http::problem::FieldFault, outbox},
};

use super::{
    change::{By, RequestError, apply, fact},
    form::fault,
    model::Command,
    post::PostError,
    store,
};

/// The request that stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeForm {
    pub into: Uuid,
}

/// Merges a request into another of the same org. Those merged into it before follow along, so that nobody follows
/// somebody who follows: there are no circles.
///
/// # Errors
/// `NotFound` where one of them is outside the scope, `NotNow` unless it waits in the inbox, `Field` for a target
/// that cannot be.
pub(super) async fn merge(
    state: &AppState,
    office: &Dispatcher,
    id: Uuid,
    into: Uuid,
) -> Result<Model, PostError> {
    let tx = state.db.write().await?;
    let (one, target) = both(&tx, &office.scope(), id, into).await?;
    check(&one, &target)?;
    let by = By { actor: Some(office.id()), words: None };
    let mut one: ActiveModel = apply(&tx, state, one, Command::Merge, by.clone()).await?.into();
    one.merged_into = Set(Some(into));
    let one = one.update(&*tx).await.step("merge a request")?;
    let along = Entity::update_many()
        .col_expr(Column::MergedInto, Expr::value(into))
        .filter(Column::MergedInto.eq(id));
    along.exec(&*tx).await.step("take along what was merged before")?;
    outbox::record(&*tx, state, [fact(&target, Event::RequestJoined, &by)]).await?;
    tx.commit().await?;
    Ok(one)
}

/// Both rows, locked in the order of their ids, so that two merges never wait for each other.
async fn both(tx: &Tx, scope: &Scope, id: Uuid, into: Uuid) -> Result<(Model, Model), PostError> {
    if id == into {
        // Somebody else's is not there, whatever is to be done with it.
        store::find(&**tx, scope, id).await?.ok_or(RequestError::NotFound)?;
        let zh = "不能和自己合并";
        return Err(fault("into", "value", zh, "A request is not merged into itself").into());
    }
    let first = store::locked(tx, scope, id.min(into)).await?.ok_or(RequestError::NotFound)?;
    let second = store::locked(tx, scope, id.max(into)).await?.ok_or(RequestError::NotFound)?;
    Ok(if id < into { (first, second) } else { (second, first) })
}

fn check(one: &Model, target: &Model) -> Result<(), FieldFault> {
    use RequestState::{Dispatched, NeedsInfo, Reopened, Returned, Submitted};
    if one.org_id != target.org_id {
        let zh = "只能合并同一个社区的需求";
        return Err(fault("into", "value", zh, "Only requests of one org are merged"));
    }
    if !matches!(target.state, Submitted | NeedsInfo | Dispatched | Returned | Reopened) {
        let zh = "那个需求已经办完或者结束了，不能合并进去";
        return Err(fault("into", "value", zh, "The other one is done or over"));
    }
    Ok(())
}

/// Withdraws one's own request; those merged into it wait for the office again.
///
/// # Errors
/// `NotFound` for another's, `NotNow` once the work has begun or it is over.
pub(super) async fn withdraw(
    state: &AppState,
    me: &Resident,
    id: Uuid,
) -> Result<Model, RequestError> {
    let tx = state.db.write().await?;
    let row = take_back(&tx, state, &me.own_scope(), id).await?;
    tx.commit().await?;
    Ok(row)
}

async fn take_back(
    tx: &Tx,
    state: &AppState,
    own: &Scope,
    id: Uuid,
) -> Result<Model, RequestError> {
    let row = store::locked(tx, own, id).await?.ok_or(RequestError::NotFound)?;
    let by = By { actor: own.person(), words: None };
    let row = apply(tx, state, row, Command::Withdraw, by).await?;
    separate(tx, state, id).await?;
    Ok(row)
}

/// Withdraws every request of somebody who is gone; where the work has begun it goes on, and silence closes it.
///
/// # Errors
/// When it cannot be stored.
pub async fn give_up(tx: &Tx, state: &AppState, own: &Scope) -> Result<(), Error> {
    for id in store::on_their_way(&**tx, own).await? {
        match take_back(tx, state, own, id).await {
            Err(RequestError::Broken(error)) => return Err(error),
            Ok(_)
            | Err(RequestError::NotNow(_) | RequestError::NotFound | RequestError::Held(_)) => {}
        }
    }
    Ok(())
}

async fn separate(tx: &Tx, state: &AppState, target: Uuid) -> Result<(), RequestError> {
    let house = Scope::house();
    for follower in store::followers(&**tx, &house, target).await? {
        let Some(row) = store::locked(tx, &house, follower.id).await? else { continue };
        let mut row: ActiveModel =
            apply(tx, state, row, Command::Separate, By::default()).await?.into();
        row.merged_into = Set(None);
        row.update(&**tx).await.step("separate a request")?;
    }
    Ok(())
}
