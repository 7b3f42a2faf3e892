//! 星级评定: every half year, from the points of its closed months, by the thresholds of the org. Written once; what a
//! second person grants on appeal stands beside it.

use std::collections::HashMap;

use ::entity::{
    points_freeze, points_frozen, star_appeal,
    star_rating::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, JoinType, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{Alias, Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::{Day, Error},
    org::{self, OrgSettings},
    platform::{
        AppState, Tx,
        cron::{CHUNK, Chunk, Run, Step as Work},
        db::Step,
        http::page::newest_first,
    },
};

use super::{
    freeze,
    model::{Half, stars},
    star_appeal::AppealError,
};

/// The job `stars.half_year`. Months that are open still are closed first, whichever job comes first; then org by org,
/// some people at a time. Where points are switched off nobody is rated.
pub fn chunk<'a>(
    state: &'a AppState,
    tx: &'a Tx,
    run: &'a Run,
    cursor: Option<String>,
) -> Work<'a, Chunk> {
    Box::pin(async move {
        let day = Day::of(run.due_at);
        if let Some(closed) = freeze::close_next(tx, state, &freeze::last_month(day)).await? {
            return Ok(Chunk { cursor: Some(closed), ..Chunk::default() });
        }
        rate(tx, state, &Half::before(day), Place::read(cursor.as_deref())).await
    })
}

/// How far the rating is: an org, and the person rated last in it.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    org_id: Option<Uuid>,
    person_id: Option<Uuid>,
}

impl Place {
    /// What closing left behind is no place: the rating begins.
    fn read(cursor: Option<&str>) -> Self {
        let mut ids = cursor.unwrap_or_default().split(' ').map(|part| part.parse().ok());
        match ids.next().flatten() {
            Some(org_id) => Self { org_id: Some(org_id), person_id: ids.next().flatten() },
            None => Self::default(),
        }
    }
}

async fn rate(
    tx: &DatabaseTransaction,
    state: &AppState,
    half: &Half,
    place: Place,
) -> Result<Chunk, Error> {
    let org_id = match place {
        Place { org_id: Some(org_id), person_id: Some(_) } => Some(org_id),
        Place { org_id, .. } => next_org(tx, half, org_id).await?,
    };
    let Some(org_id) = org_id else { return Ok(Chunk::default()) };
    let rules = org::settings_of(tx, [org_id]).await?.remove(&org_id).unwrap_or_default();
    if !rules.points_enabled {
        let passed = [("points_off", 1)].into();
        return Ok(Chunk { cursor: Some(org_id.to_string()), passed, ..Chunk::default() });
    }
    let sums = sums(tx, half, org_id, place.person_id).await?;
    let last = sums.last().map(|(person, _)| *person);
    let full = u64::try_from(sums.len()).is_ok_and(|n| n == CHUNK);
    enter(tx, state, half, (org_id, &rules), sums).await?;
    let cursor = match last {
        Some(last) if full => format!("{org_id} {last}"),
        _ => org_id.to_string(),
    };
    Ok(Chunk { cursor: Some(cursor), ..Chunk::default() })
}

async fn next_org(
    db: &impl ConnectionTrait,
    half: &Half,
    after: Option<Uuid>,
) -> Result<Option<Uuid>, Error> {
    use points_freeze::Column::{OrgId, Period};
    let mut query = points_freeze::Entity::find()
        .select_only()
        .column(OrgId)
        .filter(Period.between(&half.first, &half.last));
    if let Some(after) = after {
        query = query.filter(OrgId.gt(after));
    }
    query.order_by_asc(OrgId).into_tuple().one(db).await.step("look for an org to rate in")
}

/// What people have in the half's closed months of an org, some at a time.
async fn sums(
    db: &impl ConnectionTrait,
    half: &Half,
    org_id: Uuid,
    after: Option<Uuid>,
) -> Result<Vec<(Uuid, i64)>, Error> {
    use points_frozen::Column::{Amount, FreezeId, PersonId};
    let month = points_frozen::Entity::belongs_to(points_freeze::Entity)
        .from(FreezeId)
        .to(points_freeze::Column::Id);
    let mut query = points_frozen::Entity::find()
        .select_only()
        .column(PersonId)
        .column_as(
            Expr::col((points_frozen::Entity, Amount)).sum().cast_as(Alias::new("bigint")),
            "points",
        )
        .join(JoinType::InnerJoin, month.into())
        .filter(points_freeze::Column::OrgId.eq(org_id))
        .filter(points_freeze::Column::Period.between(&half.first, &half.last));
    if let Some(after) = after {
        query = query.filter(PersonId.gt(after));
    }
    let query = query.group_by(PersonId).order_by_asc(PersonId).limit(CHUNK);
    query.into_tuple().all(db).await.step("sum the closed months")
}

async fn enter(
    tx: &DatabaseTransaction,
    state: &AppState,
    half: &Half,
    (org_id, rules): (Uuid, &OrgSettings),
    sums: Vec<(Uuid, i64)>,
) -> Result<(), Error> {
    let now = state.clock.now();
    let rows: Vec<_> = sums
        .into_iter()
        .map(|(person_id, points)| ActiveModel {
            id: Set(state.rng.id(now)),
            org_id: Set(org_id),
            person_id: Set(person_id),
            period: Set(half.name.clone()),
            points: Set(points),
            stars: Set(stars(points, &thresholds(rules))),
            rated_at: Set(now),
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    Entity::insert_many(rows)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await
        .step("enter the stars")
        .map(drop)
}

fn thresholds(rules: &OrgSettings) -> [i32; 5] {
    let OrgSettings {
        star_1_points,
        star_2_points,
        star_3_points,
        star_4_points,
        star_5_points,
        ..
    } = *rules;
    [star_1_points, star_2_points, star_3_points, star_4_points, star_5_points]
}

/// An org in reach, by its id.
///
/// # Errors
/// `NotFound`.
pub(super) async fn within(
    db: &impl ConnectionTrait,
    scope: &Scope,
    org_id: Uuid,
) -> Result<Uuid, AppealError> {
    let org = org::find(db, org_id).await?.filter(|org| scope.covers(&org.path));
    Ok(org.ok_or(AppealError::NotFound)?.id)
}

/// A rating and the appeal against it, if there is one.
pub(super) type Rated = (Model, Option<star_appeal::Model>);

/// A page of the ratings of an org in one half year, or in any, newest first; one more than asked where there are
/// more.
pub(super) async fn of_org(
    db: &impl ConnectionTrait,
    scope: &Scope,
    (org_id, period): (Uuid, Option<&str>),
    (after, limit): (Option<Uuid>, u64),
) -> Result<Vec<Rated>, Error> {
    let mut query =
        Entity::find().filter(scope.reach(Column::OrgId)).filter(Column::OrgId.eq(org_id));
    if let Some(period) = period {
        query = query.filter(Column::Period.eq(period));
    }
    let rows = newest_first(query, Column::Id, after, limit).all(db).await;
    with_appeals(db, rows.step("list the stars of an org")?).await
}

/// A page of one's own, newest first.
pub(super) async fn own(
    db: &impl ConnectionTrait,
    scope: &Scope,
    (after, limit): (Option<Uuid>, u64),
) -> Result<Vec<Rated>, Error> {
    let query = Entity::find().filter(scope.own(Column::PersonId));
    let rows = newest_first(query, Column::Id, after, limit).all(db).await;
    with_appeals(db, rows.step("list one's own stars")?).await
}

async fn with_appeals(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Rated>, Error> {
    let ids = rows.iter().map(|row| row.id);
    let appeals = star_appeal::Entity::find().filter(star_appeal::Column::RatingId.is_in(ids));
    let appeals = appeals.all(db).await.step("read the appeals")?;
    let mut by_rating: HashMap<_, _> =
        appeals.into_iter().map(|appeal| (appeal.rating_id, appeal)).collect();
    Ok(rows
        .into_iter()
        .map(|row| {
            let appeal = by_rating.remove(&row.id);
            (row, appeal)
        })
        .collect())
}
