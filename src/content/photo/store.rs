//! Photos, what they belong to, and what came of looking at them.

use ::entity::{
    At, file, file_use,
    file_use::Attached,
    media_check::{ActiveModel, Column, Entity, MediaState, Model},
    media_verdict,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, JoinType,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationTrait,
    sea_query::{Expr, ExprTrait, LockType, OnConflict, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::Error,
    platform::{AppState, Tx, db::Step, http::page::newest_first, wechat::push::Media},
};

/// What photos are looked at for.
const KINDS: [Attached; 3] = [Attached::Request, Attached::Report, Attached::Story];

/// A photo in use, as far as looking at it goes.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Photo {
    pub id: Uuid,
    pub digest: String,
    pub person_id: Uuid,
    pub org_id: Uuid,
    /// Since when it is attached, to the first thing that has it.
    pub since: At,
}

/// Which of an office's photos.
#[derive(Debug)]
pub(in crate::content) struct Filter {
    pub org_id: Uuid,
    pub states: &'static [MediaState],
    pub after: Option<Uuid>,
    pub limit: u64,
}

/// One page, newest first, with one more where there is more; photos that nothing uses any more are nobody's work.
pub(in crate::content) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: Filter,
) -> Result<Vec<Model>, Error> {
    let used = file_use::Entity::find().select_only().column(file_use::Column::FileId).into_query();
    let query = Entity::find()
        .filter(scope.reach(Column::OrgId))
        .filter(Column::OrgId.eq(filter.org_id))
        .filter(Column::State.is_in(filter.states.iter().copied()))
        .filter(Column::ObjectId.in_subquery(used));
    let page = newest_first(query, Column::Id, filter.after, filter.limit);
    page.all(db).await.step("list photos to look at")
}

/// One of an office's, locked until the transaction ends.
pub(super) async fn locked(
    tx: &DatabaseTransaction,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    let found = Entity::find_by_id(id).filter(scope.reach(Column::OrgId));
    found.lock(LockType::NoKeyUpdate).one(tx).await.step("lock a photo's check")
}

/// The check WeChat answers under that number, locked.
pub(super) async fn by_trace(
    tx: &DatabaseTransaction,
    trace: &str,
) -> Result<Option<Model>, Error> {
    let found = Entity::find().filter(Column::TraceId.eq(trace)).lock(LockType::NoKeyUpdate);
    found.one(tx).await.step("look for what a verdict is about")
}

/// Ids of checks of this very version of a photo, in one of those states; none: in any.
fn of_version(states: &[MediaState]) -> SelectStatement {
    let mut checks = Query::select();
    checks
        .column(Column::Id)
        .from(Entity)
        .and_where(Expr::col((Entity, Column::ObjectId)).equals((file::Entity, file::Column::Id)))
        .and_where(
            Expr::col((Entity, Column::ObjectVersion)).equals((file::Entity, file::Column::Digest)),
        );
    if !states.is_empty() {
        checks.and_where(Column::State.is_in(states.iter().copied()));
    }
    checks
}

fn in_use() -> sea_orm::Select<file_use::Entity> {
    file_use::Entity::find()
        .select_only()
        .column_as(file::Column::Id, "id")
        .column_as(file::Column::Digest, "digest")
        .column_as(file::Column::PersonId, "person_id")
        .column_as(file_use::Column::OrgId, "org_id")
        .column_as(file_use::Column::CreatedAt.min(), "since")
        .join(JoinType::InnerJoin, file_use::Relation::File.def())
        .filter(file::Column::Digest.is_not_null())
        .filter(file::Column::DiscardedAt.is_null())
        .group_by(file::Column::Id)
        .group_by(file::Column::Digest)
        .group_by(file::Column::PersonId)
        .group_by(file_use::Column::OrgId)
}

/// Photos attached since then whose version nobody has looked at or been asked about.
pub(super) async fn unasked(
    db: &impl ConnectionTrait,
    since: At,
    limit: u64,
) -> Result<Vec<Photo>, Error> {
    in_use()
        .filter(file_use::Column::CreatedAt.gte(since))
        .filter(file_use::Column::Kind.is_in(KINDS))
        .filter(Expr::not_exists(of_version(&[])))
        .order_by_asc(file::Column::Id)
        .limit(limit)
        .into_model()
        .all(db)
        .await
        .step("look for photos nobody looked at")
}

/// The photos of a row that have to be looked at.
pub(super) async fn of_owner(
    db: &impl ConnectionTrait,
    kind: Attached,
    owner: Uuid,
) -> Result<Vec<Photo>, Error> {
    let theirs = in_use().filter(file_use::Column::Kind.eq(kind));
    let theirs = theirs.filter(file_use::Column::OwnerId.eq(owner));
    theirs.into_model().all(db).await.step("read the photos of a row")
}

/// What came of looking at these photos, in any version; locked, so that it stays so until the transaction ends.
pub(super) async fn checks(
    tx: &DatabaseTransaction,
    photos: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Model>, Error> {
    let found = Entity::find().filter(Column::ObjectId.is_in(photos)).order_by_asc(Column::Id);
    found.lock(LockType::NoKeyUpdate).all(tx).await.step("read what came of photos")
}

/// Those of photos that have not passed, as far as somebody else uploaded them.
pub(super) async fn not_passed(
    db: &impl ConnectionTrait,
    viewer: Uuid,
    photos: Vec<Uuid>,
) -> Result<Vec<Uuid>, Error> {
    if photos.is_empty() {
        return Ok(Vec::new());
    }
    file::Entity::find()
        .select_only()
        .column(file::Column::Id)
        .filter(file::Column::Id.is_in(photos))
        .filter(file::Column::PersonId.ne(viewer))
        .filter(file::Column::Digest.is_not_null())
        .filter(Expr::not_exists(of_version(&[MediaState::Passed])))
        .into_tuple()
        .all(db)
        .await
        .step("look for photos that have not passed")
}

/// Which version of a photo there is; None: it is gone, or older than looking.
pub(super) async fn version(
    db: &impl ConnectionTrait,
    photo: Uuid,
) -> Result<Option<String>, Error> {
    let found = file::Entity::find_by_id(photo).one(db).await.step("read a photo's version")?;
    Ok(found.and_then(|file| file.digest))
}

/// Whether everybody may see the photo.
pub(super) async fn is_public(db: &impl ConnectionTrait, photo: Uuid) -> Result<bool, Error> {
    let uses = file_use::Entity::find().filter(file_use::Column::FileId.eq(photo));
    let uses = uses.filter(file_use::Column::Published.eq(true));
    Ok(uses.one(db).await.step("ask whether a photo is public")?.is_some())
}

/// Enters that a version is being looked at; None where somebody else just did.
pub(super) async fn enter(
    tx: &Tx,
    state: &AppState,
    photo: &Photo,
    asked: bool,
) -> Result<Option<Uuid>, Error> {
    let now = state.clock.now();
    let id = state.rng.id(now);
    let row = ActiveModel {
        id: Set(id),
        trace_id: Set(None),
        object_id: Set(photo.id),
        object_version: Set(photo.digest.clone()),
        org_id: Set(photo.org_id),
        author_id: Set(photo.person_id),
        state: Set(if asked { MediaState::Pending } else { MediaState::Review }),
        suggest: Set(None),
        label: Set(None),
        created_at: Set(now),
        asked_at: Set(asked.then_some(now)),
        heard_at: Set(None),
        decided_by: Set(None),
        decided_at: Set(None),
        reason: Set(None),
    };
    let once =
        OnConflict::columns([Column::ObjectId, Column::ObjectVersion]).do_nothing().to_owned();
    let entered = Entity::insert_many([row]).on_conflict(once).exec_without_returning(&**tx).await;
    Ok((entered.step("enter a photo's check")? > 0).then_some(id))
}

/// Notes the number under which WeChat will answer.
pub(super) async fn note_trace(tx: &Tx, id: Uuid, trace: &str) -> Result<(), Error> {
    let noted = Entity::update_many().col_expr(Column::TraceId, Expr::value(trace));
    noted.filter(Column::Id.eq(id)).exec(&**tx).await.step("note a trace").map(drop)
}

/// Checks that have waited for WeChat since before then.
pub(super) async fn waiting_since_before(
    db: &impl ConnectionTrait,
    then: At,
) -> Result<Vec<Uuid>, Error> {
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::State.eq(MediaState::Pending))
        .filter(Column::AskedAt.lt(then))
        .into_tuple()
        .all(db)
        .await
        .step("look for photos WeChat says nothing about")
}

/// Those of these that still wait for WeChat are for people to look at.
pub(super) async fn to_people(tx: &Tx, these: Vec<Uuid>) -> Result<(), Error> {
    let given = Entity::update_many()
        .col_expr(Column::State, Expr::value(MediaState::Review))
        .filter(Column::State.eq(MediaState::Pending))
        .filter(Column::Id.is_in(these));
    given.exec(&**tx).await.step("give photos to people").map(drop)
}

/// What WeChat said of the same pixels before, newest first.
pub(super) async fn same_pixels(
    db: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    let mut mine = Query::select();
    mine.column(Column::ObjectVersion).from(Entity).and_where(Column::Id.eq(id));
    Entity::find()
        .filter(Column::ObjectVersion.in_subquery(mine))
        .filter(Column::Id.ne(id))
        .filter(Column::Suggest.is_not_null())
        .order_by_desc(Column::Id)
        .one(db)
        .await
        .step("look for an earlier verdict")
}

/// Passes what WeChat was never asked about, in one person's name.
pub(super) async fn pass_seen(tx: &Tx, ids: Vec<Uuid>, by: Uuid, at: At) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(MediaState::Passed))
        .col_expr(Column::DecidedBy, Expr::value(by))
        .col_expr(Column::DecidedAt, Expr::value(at))
        .filter(Column::ObjectId.is_in(ids))
        .filter(Column::State.eq(MediaState::Review))
        .filter(Column::AskedAt.is_null())
        .exec(&**tx)
        .await
        .step("pass photos somebody saw")
        .map(drop)
}

/// Keeps a verdict nobody knows the photo of yet, once.
pub(super) async fn park(tx: &Tx, told: &Media, at: At) -> Result<(), Error> {
    let row = media_verdict::ActiveModel {
        trace_id: Set(told.trace_id.clone()),
        code: Set(told.code),
        suggest: Set(told.suggest.clone()),
        label: Set(told.label),
        heard_at: Set(at),
    };
    let once = OnConflict::column(media_verdict::Column::TraceId).do_nothing().to_owned();
    let parked = media_verdict::Entity::insert_many([row]).on_conflict(once);
    parked.exec_without_returning(&**tx).await.step("park a verdict").map(drop)
}

/// Parked verdicts whose photo is known by now.
pub(super) async fn known_parked(
    db: &impl ConnectionTrait,
    limit: u64,
) -> Result<Vec<media_verdict::Model>, Error> {
    let traces = Entity::find().select_only().column(Column::TraceId);
    let traces = traces.filter(Column::TraceId.is_not_null()).into_query();
    let known = media_verdict::Entity::find()
        .filter(media_verdict::Column::TraceId.in_subquery(traces))
        .limit(limit);
    known.all(db).await.step("look for parked verdicts")
}

/// A parked verdict that was used.
pub(super) async fn unpark(tx: &Tx, trace: &str) -> Result<(), Error> {
    let gone = media_verdict::Entity::delete_by_id(trace.to_owned()).exec(&**tx).await;
    gone.step("drop a parked verdict").map(drop)
}
