//! Checks by subject, and by the office that looks at what waits.

use ::entity::{
    At,
    content_check::{Column, ContentKind, ContentState, Entity, Model},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, LockType},
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::Error,
    platform::{AppState, Tx, db::Step, http::page::newest_first},
};

/// Which of an office's checks.
#[derive(Debug)]
pub(super) struct Filter {
    pub org_id: Uuid,
    pub state: ContentState,
    pub after: Option<Uuid>,
    pub limit: u64,
}

/// One page, newest first, with one more where there is more.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: Filter,
) -> Result<Vec<Model>, Error> {
    let query = Entity::find()
        .filter(scope.reach(Column::OrgId))
        .filter(Column::OrgId.eq(filter.org_id))
        .filter(Column::Kind.ne(ContentKind::Wish))
        .filter(Column::State.eq(filter.state));
    let page = newest_first(query, Column::Id, filter.after, filter.limit);
    page.all(db).await.step("list checks")
}

/// One of an office's, locked until the transaction ends. Wishes are the branch's alone.
pub(super) async fn locked(
    tx: &DatabaseTransaction,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    let found = Entity::find_by_id(id)
        .filter(scope.reach(Column::OrgId))
        .filter(Column::Kind.ne(ContentKind::Wish));
    found.lock(LockType::NoKeyUpdate).one(tx).await.step("lock a check")
}

/// Subjects of rows the caller was shown whose words wait or were refused.
pub(super) async fn held(
    db: &impl ConnectionTrait,
    subjects: Vec<Uuid>,
) -> Result<Vec<(Uuid, ContentState)>, Error> {
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find()
        .select_only()
        .columns([Column::SubjectId, Column::State])
        .filter(Column::SubjectId.is_in(subjects))
        .filter(Column::State.is_in([ContentState::Pending, ContentState::Refused]))
        .into_tuple()
        .all(db)
        .await
        .step("read what waits to be looked at")
}

/// What waits of a subject passes.
pub(super) async fn pass(tx: &Tx, subject: Uuid, by: Uuid, at: At) -> Result<bool, Error> {
    let passed = Entity::update_many()
        .col_expr(Column::State, Expr::value(ContentState::Passed))
        .col_expr(Column::Words, Expr::value(None::<String>))
        .col_expr(Column::DecidedBy, Expr::value(by))
        .col_expr(Column::DecidedAt, Expr::value(at))
        .filter(Column::SubjectId.eq(subject))
        .filter(Column::State.is_in([ContentState::Pending, ContentState::Refused]));
    Ok(passed.exec(&**tx).await.step("pass words")?.rows_affected > 0)
}

/// What earlier versions of a subject waited for is over.
pub(super) async fn replace(tx: &Tx, subject: Uuid) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(ContentState::Replaced))
        .col_expr(Column::Words, Expr::value(None::<String>))
        .filter(Column::SubjectId.eq(subject))
        .filter(Column::State.is_in([ContentState::Pending, ContentState::Refused]))
        .exec(&**tx)
        .await
        .step("replace a check")?;
    Ok(())
}

/// The words of a check that still rest with it.
pub(super) fn words(state: &AppState, row: &Model) -> Result<Option<String>, Error> {
    state.crypto.open_some(super::keep::WORDS, row.id, row.words.as_ref())
}
