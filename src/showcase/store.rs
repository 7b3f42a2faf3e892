//! Stories by scope: the published ones are everybody's; the others are their author's and their office's.

use ::entity::story::{Column, Entity, Model, StoryState};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QuerySelect,
};
use uuid::Uuid;

use crate::{
    identity::{Scope, within},
    kernel::Error,
    platform::{db::Step, http::page::newest_first},
};

/// One's own, and those of the offices a role reaches.
fn inside(scope: &Scope) -> Condition {
    Condition::any().add(scope.own(Column::AuthorId)).add(scope.reach(Column::OrgId))
}

fn visible(scope: &Scope) -> Condition {
    inside(scope).add(Column::State.eq(StoryState::Published))
}

/// A story the scope may know of.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    Entity::find_by_id(id).filter(visible(scope)).one(db).await.step("read a story")
}

/// One's own story or one of the caller's offices, locked until the transaction ends. Order: story first; task and
/// request are only read after.
pub(super) async fn locked(
    tx: &DatabaseTransaction,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    let found = Entity::find_by_id(id).filter(inside(scope)).lock_exclusive().one(tx).await;
    found.step("lock a story")
}

/// Which of these stories the scope knows from inside, as author or office.
pub(super) async fn known_inside(
    db: &impl ConnectionTrait,
    scope: &Scope,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Uuid>, Error> {
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Id.is_in(ids))
        .filter(inside(scope))
        .into_tuple()
        .all(db)
        .await
        .step("read whose stories these are")
}

/// Which stories to list.
#[derive(Debug)]
pub(super) struct Filter {
    /// Path of the org whose subtree is wanted.
    pub below: Option<String>,
    pub state: StoryState,
    pub after: Option<Uuid>,
    pub limit: u64,
}

/// One page, the latest written first, with one row more than asked where there is more. Ids follow the writing, not
/// the publishing: the two differ by the days of the review, and an id alone makes the cursor.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: Filter,
) -> Result<Vec<Model>, Error> {
    let mut query = Entity::find().filter(visible(scope)).filter(Column::State.eq(filter.state));
    if let Some(path) = filter.below {
        query = query.filter(within(Column::OrgId, &[path]));
    }
    let page = newest_first(query, Column::Id, filter.after, filter.limit);
    page.all(db).await.step("list stories")
}
