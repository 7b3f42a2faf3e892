//! 参加: members answer with one tap and check in by the code on the wall; staff note who came without a phone.

use std::collections::HashSet;

use ::entity::{
    theme_day::Model,
    theme_day_person::{ActiveModel, ArrivedBy, Attendance, Column, Entity},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    identity::{PartyKeeper, Resident, Scope, people},
    org,
    platform::{AppState, Tx, db::Step, http::input::readable},
};

use super::{change::ThemeDayError, model, store};

/// What a member says.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttendanceForm {
    pub(super) answer: Attendance,
    /// Asked for with a `leave`.
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    pub(super) reason: Option<String>,
}

/// A member's `code`, or the people staff note; one of the two.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ThemeDayCheckIn {
    /// The code shown at the place.
    #[validate(length(min = 1, max = 20))]
    #[schema(min_length = 1, max_length = 20)]
    pub(super) code: Option<String>,
    /// Members who came; for the secretary.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_items = 1, max_items = 200)]
    pub(super) person_ids: Option<Vec<Uuid>>,
}

pub(super) const REASON: &str = "theme_day_person.reason";

/// Answers an invitation, or answers again, until it is over.
///
/// # Errors
/// `NotFound` where one is not invited; `Closed` once it is over; `Field` for a leave without a reason.
pub(super) async fn answer(
    state: &AppState,
    me: &Resident,
    id: Uuid,
    form: AttendanceForm,
) -> Result<Model, ThemeDayError> {
    if form.answer == Attendance::Leave && form.reason.is_none() {
        let (zh, en) = ("请假要写一句原因", "A leave says why");
        return Err(ThemeDayError::field("reason", "required", zh, en));
    }
    let tx = state.db.write().await?;
    let day = invited(&tx, me, id).await?;
    let now = state.clock.now();
    if !model::takes_answers(day.state, day.ends_at, now) {
        return Err(ThemeDayError::Closed(day.state));
    }
    let known = store::of_person(&*tx, vec![day.id], me.id()).await?.remove(&day.id);
    let first = known.is_none();
    let mut row = known.map_or_else(|| blank(state, day.id, me.id()), Into::into);
    let row_id = *row.id.as_ref();
    let reason = form.reason.as_deref().filter(|_| form.answer != Attendance::Yes);
    row.answer = Set(Some(form.answer));
    row.reason = Set(reason.map(|why| state.crypto.seal(REASON, row_id, why.trim())));
    row.answered_at = Set(Some(now));
    let stored = if first { row.insert(&*tx).await } else { row.update(&*tx).await };
    stored.step("store an answer")?;
    tx.commit().await?;
    Ok(day)
}

/// The day one is invited to, with everything one does at it one after another.
async fn invited(tx: &Tx, me: &Resident, id: Uuid) -> Result<Model, ThemeDayError> {
    people::lock(tx, me.id()).await?;
    store::invited(tx, &me.branch_scope(), id).await?.ok_or(ThemeDayError::NotFound)
}

/// A row of somebody of whom nothing is known yet.
fn blank(state: &AppState, day: Uuid, person: Uuid) -> ActiveModel {
    let now = state.clock.now();
    ActiveModel {
        id: Set(state.rng.id(now)),
        theme_day_id: Set(day),
        person_id: Set(person),
        answer: Set(None),
        reason: Set(None),
        answered_at: Set(None),
        came_at: Set(None),
        came_by: Set(None),
        noted_by: Set(None),
        created_at: Set(now),
    }
}

/// Checks oneself in by the code; again changes nothing.
///
/// # Errors
/// `NotFound` where one is not invited; `Closed` while the doors are; `Field` for another code.
pub(super) async fn come(
    state: &AppState,
    me: &Resident,
    id: Uuid,
    code: &str,
) -> Result<Model, ThemeDayError> {
    let tx = state.db.write().await?;
    let day = invited(&tx, me, id).await?;
    if !model::doors_open(day.state, (day.starts_at, day.ends_at), state.clock.now()) {
        return Err(ThemeDayError::Closed(day.state));
    }
    let given = code.trim().to_uppercase();
    if !bool::from(given.as_bytes().ct_eq(day.check_in_code.as_bytes())) {
        let (zh, en) = ("签到码不对，请看现场的码", "Not the code of this place");
        return Err(ThemeDayError::field("code", "value", zh, en));
    }
    arrived(&tx, state, &day, &[me.id()], (ArrivedBy::Code, None)).await?;
    tx.commit().await?;
    Ok(day)
}

/// Notes members who came, each once.
///
/// # Errors
/// `NotFound` out of reach; `Closed` before the doors open and once a record was handed in; `Field` for who is no
/// member.
pub(super) async fn note(
    state: &AppState,
    keeper: &PartyKeeper,
    id: Uuid,
    people: &[Uuid],
) -> Result<Model, ThemeDayError> {
    let tx = state.db.write().await?;
    let day = store::locked(&tx, &keeper.scope(), id).await?.ok_or(ThemeDayError::NotFound)?;
    if !model::may_be_noted(day.state, day.starts_at, state.clock.now()) {
        return Err(ThemeDayError::Closed(day.state));
    }
    let people: Vec<_> = HashSet::<_>::from_iter(people.iter().copied()).into_iter().collect();
    let org = org::find(&*tx, day.org_id).await?.ok_or(ThemeDayError::NotFound)?;
    let members = org::branch_members_among(&*tx, &Scope::house(), &org.path, &people).await?;
    if members.len() < people.len() {
        let zh = "只能给本组织的党员签到，有人不在名册里";
        return Err(ThemeDayError::field("person_ids", "value", zh, "Only members of this org"));
    }
    arrived(&tx, state, &day, &people, (ArrivedBy::Staff, Some(keeper.id()))).await?;
    tx.commit().await?;
    Ok(day)
}

/// Whoever was there already stays as they were.
async fn arrived(
    tx: &Tx,
    state: &AppState,
    day: &Model,
    people: &[Uuid],
    (by, noted_by): (ArrivedBy, Option<Uuid>),
) -> Result<(), ThemeDayError> {
    let rows = people.iter().map(|person| blank(state, day.id, *person));
    let once = OnConflict::columns([Column::ThemeDayId, Column::PersonId]).do_nothing().to_owned();
    Entity::insert_many(rows)
        .on_conflict(once)
        .exec_without_returning(&**tx)
        .await
        .step("open the rows of who came")?;
    Entity::update_many()
        .set(ActiveModel { came_by: Set(Some(by)), ..Default::default() })
        .col_expr(Column::CameAt, Expr::value(Some(state.clock.now())))
        .col_expr(Column::NotedBy, Expr::value(noted_by))
        .filter(Column::ThemeDayId.eq(day.id))
        .filter(Column::PersonId.is_in(people.iter().copied()))
        .filter(Column::CameAt.is_null())
        .exec(&**tx)
        .await
        .step("note who came")?;
    Ok(())
}
