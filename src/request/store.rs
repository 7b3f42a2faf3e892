//! Requests by scope: one's own, those posted on one's behalf, and those of the offices a role reaches.

use ::entity::{
    At, deputy, event,
    request::{self, Column, Entity, Model, RequestState},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, sea_query::LockType,
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::{Error, Event},
    platform::{db::Step, http::page::newest_first},
};

use super::{
    beneficiary,
    model::Level,
    press::{self, Key},
};

/// In which order requests are listed, and after what.
#[derive(Clone, Copy, Debug)]
pub(super) enum Order {
    Newest(Option<Uuid>),
    /// Urgent ones first, then by when they are due.
    Pressing(Option<Key>),
}

/// Which requests of the scope to list.
#[derive(Debug)]
pub(super) struct Filter {
    pub org_id: Option<Uuid>,
    pub states: Vec<RequestState>,
    /// Only those one of these people owns.
    pub owners: Option<Vec<Uuid>>,
    /// Only those as pressing as that at this moment.
    pub level: Option<(Level, At)>,
    pub order: Order,
    pub limit: u64,
}

impl Default for Filter {
    fn default() -> Self {
        let (org_id, owners, level) = (None, None, None);
        Self { org_id, states: vec![], owners, level, order: Order::Newest(None), limit: 20 }
    }
}

async fn visible(db: &impl ConnectionTrait, scope: &Scope) -> Result<Condition, Error> {
    let own = Condition::any().add(scope.own(Column::RequesterId)).add(scope.reach(Column::OrgId));
    let named = beneficiary::named(db, scope).await?;
    Ok(if named.is_empty() { own } else { own.add(Column::Id.is_in(named)) })
}

/// A request the scope may know of.
pub async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    let visible = visible(db, scope).await?;
    Entity::find_by_id(id).filter(visible).one(db).await.step("read a request")
}

/// The same, locked until the transaction ends.
pub(super) async fn locked(
    tx: &DatabaseTransaction,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    let visible = visible(tx, scope).await?;
    let found = Entity::find_by_id(id).filter(visible).lock(LockType::NoKeyUpdate).one(tx).await;
    found.step("lock a request")
}

/// What one has asked for and still waits for, by id.
pub(super) async fn on_their_way(
    db: &impl ConnectionTrait,
    scope: &Scope,
) -> Result<Vec<Uuid>, Error> {
    use RequestState::{Dispatched, NeedsInfo, Reopened, Returned, Submitted};
    let asked = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(scope.own(Column::RequesterId))
        .filter(Column::State.is_in([Submitted, NeedsInfo, Dispatched, Returned, Reopened]))
        .order_by_asc(Column::Id);
    asked.into_tuple().all(db).await.step("read what one waits for")
}

/// One page, with one row more than asked where there is more.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: Filter,
) -> Result<Vec<Model>, Error> {
    let mut query = Entity::find().filter(visible(db, scope).await?);
    if let Some(org) = filter.org_id {
        query = query.filter(Column::OrgId.eq(org));
    }
    if !filter.states.is_empty() {
        query = query.filter(Column::State.is_in(filter.states));
    }
    if let Some(owners) = filter.owners {
        query = query.filter(Column::OwnerId.is_in(owners));
    }
    if let Some((level, now)) = filter.level {
        query = query.filter(press::at_level(level, now));
    }
    let page = match filter.order {
        Order::Newest(after) => newest_first(query, Column::Id, after, filter.limit),
        Order::Pressing(after) => press::most_pressing_first(query, after, filter.limit),
    };
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
        query = query.filter(Column::DueAt.lt(now));
    }
    query.count(db).await.step("count what waits")
}

/// Requests by id, in one query; the ids come from rows the scope was asked for.
pub(super) async fn by_ids(
    db: &impl ConnectionTrait,
    _scope: &Scope,
    ids: Vec<Uuid>,
) -> Result<Vec<Model>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::Id.is_in(ids)).all(db).await.step("read requests")
}

/// Others of the same org that are not over, newest first, not older than `since`, at most `limit`.
pub(super) async fn beside(
    db: &impl ConnectionTrait,
    scope: &Scope,
    one: &Model,
    since: Uuid,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    use RequestState::{Dispatched, NeedsInfo, Reopened, Returned, Submitted};
    Entity::find()
        .filter(scope.reach(Column::OrgId))
        .filter(Column::OrgId.eq(one.org_id))
        .filter(Column::State.is_in([Submitted, NeedsInfo, Dispatched, Returned, Reopened]))
        .filter(Column::Id.gt(since))
        .filter(Column::Id.ne(one.id))
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(db)
        .await
        .step("read requests beside one")
}

/// Those merged into a request.
pub(super) async fn followers(
    db: &impl ConnectionTrait,
    _scope: &Scope,
    id: Uuid,
) -> Result<Vec<Model>, Error> {
    let merged = Entity::find().filter(Column::MergedInto.eq(id)).order_by_asc(Column::Id);
    merged.all(db).await.step("read what was merged")
}

/// Those whose time to be answered is over, the longest waiting first.
pub(super) async fn unanswered(
    db: &impl ConnectionTrait,
    _scope: &Scope,
    now: At,
    limit: u64,
) -> Result<Vec<Uuid>, Error> {
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::ClosesAt.lte(now))
        .order_by_asc(Column::ClosesAt)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await
        .step("read what nobody answered")
}

/// When a request was dispatched to which task, the first time first; the request was found by scope.
pub(super) async fn dispatches(
    db: &impl ConnectionTrait,
    _scope: &Scope,
    request: &request::Model,
) -> Result<Vec<(Uuid, At)>, Error> {
    use event::Column as Fact;
    event::Entity::find()
        .select_only()
        .columns([Fact::TaskId, Fact::At])
        .filter(Fact::RequestId.eq(request.id))
        .filter(Fact::Kind.eq(Event::RequestDispatched.name()))
        .filter(Fact::TaskId.is_not_null())
        .order_by_asc(Fact::Id)
        .limit(100)
        .into_tuple()
        .all(db)
        .await
        .step("read the dispatches of a request")
}

/// Who stands in for whom of these people now.
pub(super) async fn deputies(
    db: &impl ConnectionTrait,
    _scope: &Scope,
    people: Vec<Uuid>,
    now: At,
) -> Result<Vec<deputy::Model>, Error> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let now = deputy::Column::Until.gt(now);
    let away = deputy::Entity::find().filter(deputy::Column::PersonId.is_in(people)).filter(now);
    away.all(db).await.step("read the deputies")
}

/// For whom somebody stands in now.
pub(super) async fn stood_in_for(
    db: &impl ConnectionTrait,
    _scope: &Scope,
    person: Uuid,
    now: At,
) -> Result<Vec<Uuid>, Error> {
    let away = deputy::Entity::find()
        .filter(deputy::Column::DeputyId.eq(person))
        .filter(deputy::Column::Until.gt(now));
    let away = away.all(db).await.step("read whom one stands in for")?;
    Ok(away.into_iter().map(|row| row.person_id).collect())
}
