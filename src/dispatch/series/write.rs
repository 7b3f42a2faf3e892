//! Keeping series: write, change what comes, skip a date.

use ::entity::task_series::{ActiveModel, Model};
use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::{
    dispatch::{
        OCCURRENCE_MADE,
        change::TaskError,
        post::{Author, DispatchError, fault},
    },
    identity::Scope,
    kernel::{Day, Error},
    org,
    platform::{
        AppState, Tx,
        db::Step,
        http::{Page, PageQuery, Problem, problem::NOT_FOUND},
    },
};

use super::{AHEAD, COLUMN, SeriesForm, SeriesView, rule, rule_of, store, views};

/// The series of an org within reach.
///
/// # Errors
/// `NOT_FOUND` out of reach.
pub(super) async fn list(
    state: &AppState,
    scope: &Scope,
    org_id: Uuid,
    query: &PageQuery,
) -> Result<Page<SeriesView>, Problem> {
    let db = state.db.read();
    org::find(db, org_id).await?.filter(|org| scope.covers(&org.path)).ok_or(NOT_FOUND)?;
    let rows = store::list(db, scope, org_id, query.after()?, query.limit()).await?;
    let page = Page::cut(rows, query.limit(), |row| row.id);
    let items = views(db, state, page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// Writes a new one.
///
/// # Errors
/// `NotFound` out of reach; a field that cannot be, above all a rule that never comes round.
pub(super) async fn add(
    tx: &Tx,
    state: &AppState,
    author: &Author,
    org_id: Uuid,
    form: SeriesForm,
) -> Result<SeriesView, DispatchError> {
    let (now, id) = (state.clock.now(), state.rng.id(state.clock.now()));
    let row = ActiveModel {
        id: Set(id),
        org_id: Set(org_id),
        created_at: Set(now),
        ..written(tx, state, author, id, org_id, form).await?
    };
    let row = row.insert(&**tx).await.step("store a series")?;
    one(tx, state, row).await
}

/// Changes what comes, pauses or resumes. Tasks made already stay.
///
/// # Errors
/// As `add`.
pub(super) async fn rewrite(
    tx: &Tx,
    state: &AppState,
    author: &Author,
    id: Uuid,
    form: SeriesForm,
) -> Result<SeriesView, DispatchError> {
    let row = store::lock(tx, &author.scope, id).await?.ok_or(TaskError::NotFound)?;
    let row =
        ActiveModel { id: Set(id), ..written(tx, state, author, id, row.org_id, form).await? };
    let row = row.update(&**tx).await.step("rewrite a series")?;
    one(tx, state, row).await
}

/// Leaves one date out.
///
/// # Errors
/// `NotFound`; a date on which it does not come round; `OCCURRENCE_MADE` where the task is there already.
pub(super) async fn skip(
    tx: &Tx,
    state: &AppState,
    author: &Author,
    id: Uuid,
    date: NaiveDate,
) -> Result<SeriesView, DispatchError> {
    let row = store::lock(tx, &author.scope, id).await?.ok_or(TaskError::NotFound)?;
    let day = Day::from(date);
    let comes = rule_of(&row)?.starts(state.clock.now().max(day.start()), day.end());
    if !comes.iter().any(|start| Day::of(*start) == day) {
        let zh = "这个日期没有安排，或者已经过去";
        return Err(fault("date", "value", zh, "It does not come round on that date").into());
    }
    if !store::take(tx, state, id, day).await? {
        let taken = store::occurrence(&**tx, id, day).await?;
        if taken.is_some_and(|taken| taken.task_id.is_some()) {
            return Err(TaskError::Refused(OCCURRENCE_MADE).into());
        }
    }
    one(tx, state, row).await
}

async fn one(tx: &Tx, state: &AppState, row: Model) -> Result<SeriesView, DispatchError> {
    let view = views(&**tx, state, vec![row]).await?.pop();
    Ok(view.ok_or_else(|| Error::impossible("view a series"))?)
}

async fn written(
    tx: &Tx,
    state: &AppState,
    author: &Author,
    id: Uuid,
    org_id: Uuid,
    form: SeriesForm,
) -> Result<ActiveModel, DispatchError> {
    let now = state.clock.now();
    let org = author.org(tx, org_id).await?;
    form.task.check(tx, author, &org).await?;
    if form.first > now.plus(AHEAD) {
        let zh = "第一次要在一年以内";
        return Err(fault("first", "time", zh, "The first within a year").into());
    }
    let rule = rule::read(&form.rule, form.first, form.until)?;
    if rule.starts(now, now.plus(AHEAD)).is_empty() {
        let zh = "按这个规则，一年以内一次也轮不到";
        return Err(fault("rule", "value", zh, "It never comes round within a year").into());
    }
    Ok(ActiveModel {
        outline: Set(form.task.seal(state, COLUMN, id)?),
        rule: Set(form.rule),
        first_at: Set(form.first),
        until_at: Set(form.until),
        ahead_days: Set(form.publish_ahead_days.unwrap_or(14)),
        publish: Set(form.publish.unwrap_or(true)),
        paused: Set(form.paused),
        seen_on: Set(None),
        trouble: Set(None),
        written_by: Set(author.id),
        updated_at: Set(now),
        ..Default::default()
    })
}
