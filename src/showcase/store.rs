//! Stories by scope: the published ones are everybody's; the others are their author's and their office's, and of
//! those they show once they were asked.

use ::entity::{
    answer,
    story::{Column, Entity, Model, StoryState},
    story_person::{self, Consent},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, sea_query::SelectStatement,
};
use uuid::Uuid;

use crate::{
    identity::{Scope, within},
    kernel::Error,
    platform::{db::Step, http::page::newest_first},
};

use super::model::Consents;

/// One's own, and those of the offices a role reaches.
fn inside(scope: &Scope) -> Condition {
    Condition::any().add(scope.own(Column::AuthorId)).add(scope.reach(Column::OrgId))
}

fn visible(scope: &Scope) -> Condition {
    inside(scope).add(Column::State.eq(StoryState::Published)).add(shows(scope))
}

/// The stories that show the caller, once they were submitted: people see what they are asked about.
fn shows(scope: &Scope) -> Condition {
    let asked = [StoryState::PendingReview, StoryState::Published, StoryState::Rejected];
    Condition::all().add(Column::State.is_in(asked)).add(Column::Id.in_subquery(showing_me(scope)))
}

fn showing_me(scope: &Scope) -> SelectStatement {
    story_person::Entity::find()
        .select_only()
        .column(story_person::Column::StoryId)
        .filter(scope.own(story_person::Column::PersonId))
        .filter(story_person::Column::Shown.eq(true))
        .into_query()
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

/// A story that shows the caller, locked as by `locked`.
pub(super) async fn locked_for_shown(
    tx: &DatabaseTransaction,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    let found = Entity::find_by_id(id).filter(shows(scope)).lock_exclusive().one(tx).await;
    found.step("lock a story that shows me")
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

/// One's consents in stories that stand, the latest story first, one more than asked where there are more.
pub(super) async fn consents_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<(Model, Option<story_person::Model>)>, Error> {
    let query = Entity::find().filter(shows(scope));
    let stories = newest_first(query, Column::Id, after, limit).all(db).await;
    let stories = stories.step("list the stories that show me")?;
    let mine = story_person::Entity::find()
        .filter(scope.own(story_person::Column::PersonId))
        .filter(story_person::Column::StoryId.is_in(stories.iter().map(|story| story.id)))
        .all(db)
        .await
        .step("read my consents")?;
    let consent = |story: &Model| mine.iter().find(|one| one.story_id == story.id).cloned();
    Ok(stories.into_iter().map(|story| (story.clone(), consent(&story))).collect())
}

/// Everybody a story shows or showed.
pub(super) async fn shown_in(
    db: &impl ConnectionTrait,
    story: Uuid,
) -> Result<Vec<story_person::Model>, Error> {
    shown_in_many(db, [story]).await
}

/// The same of many stories in one query.
pub(super) async fn shown_in_many(
    db: &impl ConnectionTrait,
    stories: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<story_person::Model>, Error> {
    let found =
        story_person::Entity::find().filter(story_person::Column::StoryId.is_in(stories)).all(db);
    found.await.step("read who is shown")
}

/// What the people a story shows have said.
pub(super) async fn consents(db: &impl ConnectionTrait, story: Uuid) -> Result<Consents, Error> {
    let shown = shown_in(db, story).await?;
    let said = |consent| shown.iter().filter(|one| one.shown && one.consent == consent).count();
    Ok(Consents { open: said(Consent::Asked), refused: said(Consent::Refused) })
}

/// Those a story shows who have not answered yet.
///
/// # Errors
/// When they cannot be read.
pub async fn still_asked(db: &impl ConnectionTrait, story: Uuid) -> Result<Vec<Uuid>, Error> {
    let shown = shown_in(db, story).await?;
    let open = shown.into_iter().filter(|one| one.shown && one.consent == Consent::Asked);
    Ok(open.map(|one| one.person_id).collect())
}

/// Every story that asked a person, whatever became of it, locked in the order of their ids; with their part in it.
pub(super) async fn with(
    tx: &DatabaseTransaction,
    person: Uuid,
) -> Result<Vec<(Model, story_person::Model)>, Error> {
    let parts = story_person::Entity::find().filter(story_person::Column::PersonId.eq(person));
    let parts = parts.all(tx).await.step("read a person's part in stories")?;
    let stories = Entity::find()
        .filter(Column::Id.is_in(parts.iter().map(|part| part.story_id)))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(tx)
        .await
        .step("lock the stories that show a person")?;
    let part = |story: &Model| parts.iter().find(|part| part.story_id == story.id).cloned();
    Ok(stories.into_iter().filter_map(|story| part(&story).map(|part| (story, part))).collect())
}

/// The stars a resident gave for a task.
pub(super) async fn stars(db: &impl ConnectionTrait, task: Uuid) -> Result<Option<i32>, Error> {
    let answer = answer::Entity::find().filter(answer::Column::TaskId.eq(task)).one(db).await;
    Ok(answer.step("read the answer to a task")?.and_then(|answer| answer.stars))
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
