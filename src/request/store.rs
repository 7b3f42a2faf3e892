//! Requests by scope: one's own, and those of the offices a role reaches.

use ::entity::{
    At,
    request::{Column, Entity, Model, RequestState},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter, QuerySelect, sea_query::LockType,
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::Error,
    platform::{db::Step, http::page::newest_first},
};

/// Which requests of the scope to list, newest first.
#[derive(Debug, Default)]
pub(super) struct Filter {
    pub org_id: Option<Uuid>,
    pub states: Vec<RequestState>,
    pub after: Option<Uuid>,
    pub limit: u64,
}

fn visible(scope: &Scope) -> Condition {
    Condition::any().add(scope.own(Column::RequesterId)).add(scope.reach(Column::OrgId))
}

/// A request the scope may know of.
pub async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    Entity::find_by_id(id).filter(visible(scope)).one(db).await.step("read a request")
}

/// The same, locked until the transaction ends.
pub(super) async fn locked(
    tx: &DatabaseTransaction,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    let found =
        Entity::find_by_id(id).filter(visible(scope)).lock(LockType::NoKeyUpdate).one(tx).await;
    found.step("lock a request")
}

/// One page, with one row more than asked where there is more.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: Filter,
) -> Result<Vec<Model>, Error> {
    let mut query = Entity::find().filter(visible(scope));
    if let Some(org) = filter.org_id {
        query = query.filter(Column::OrgId.eq(org));
    }
    if !filter.states.is_empty() {
        query = query.filter(Column::State.is_in(filter.states));
    }
    let page = newest_first(query, Column::Id, filter.after, filter.limit);
    page.all(db).await.step("list requests")
}

/// How many wait in the inbox; with `now`, how many of these are behind the promise.
pub(super) async fn count_waiting(
    db: &impl ConnectionTrait,
    scope: &Scope,
    now: Option<At>,
) -> Result<u64, Error> {
    use RequestState::{Reopened, Returned, Submitted};
    let mut query = Entity::find()
        .filter(scope.reach(Column::OrgId))
        .filter(Column::State.is_in([Submitted, Returned, Reopened]));
    if let Some(now) = now {
        let unseen =
            Condition::all().add(Column::State.eq(Submitted)).add(Column::FirstAnswerDue.lt(now));
        let undone = Condition::all()
            .add(Column::State.is_in([Returned, Reopened]))
            .add(Column::DoneDue.lt(now));
        query = query.filter(Condition::any().add(unseen).add(undone));
    }
    query.count(db).await.step("count what waits")
}
