//! 安排: planning an org's day of a month, changing it until it begins, calling it off.

use std::time::Duration;

use ::entity::{
    At,
    theme_day::{ActiveModel, Model, ThemeDayState},
    theme_day_person, theme_day_rule,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr,
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    file::{self, Attached, Owner},
    identity::PartyKeeper,
    kernel::{Day, Event, Month, day::spoken_with_weekday},
    org,
    platform::{
        AppState, Tx,
        db::{Step, is_duplicate},
        http::input::readable,
        outbox,
    },
};

use super::{
    change::{By, ThemeDayError, apply, fact},
    keep::day_rule,
    model::Command,
    outline::{AgendaStep, Material, Outline, Rests, few_words, one_and_more},
    rule::Wall,
    store,
};

/// How many signs a check-in code has.
const SIGNS: usize = 8;
/// How long it takes where nobody says.
const USUAL_LENGTH: Duration = Duration::from_secs(2 * 60 * 60);
/// The longest it may take.
const LONGEST: Duration = Duration::from_secs(12 * 60 * 60);

/// What is planned. Absent fields: as the rule says when planning, as they were when changing.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ThemeDayForm {
    /// The month it counts for; when planning alone. That of `starts_at` when absent, or this one.
    #[schema(value_type = Option<String>, format = "month", example = "2026-11")]
    month: Option<Month>,
    /// Lies in the month and ahead.
    starts_at: Option<At>,
    /// At most 12 hours later.
    ends_at: Option<At>,
    /// What it is about; asked for when planning.
    #[validate(length(min = 2, max = 60), custom(function = readable))]
    #[schema(min_length = 2, max_length = 60)]
    theme: Option<String>,
    #[validate(length(min = 1, max = 60), custom(function = readable))]
    #[schema(min_length = 1, max_length = 60)]
    place: Option<String>,
    /// 1+N: at least one is fixed.
    #[validate(length(min = 1, max = 12), nested, custom(function = one_and_more))]
    #[schema(min_items = 1, max_items = 12)]
    steps: Option<Vec<AgendaStep>>,
    #[validate(length(max = 9), nested)]
    #[schema(max_items = 9)]
    materials: Option<Vec<Material>>,
    #[validate(length(max = 10), custom(function = few_words))]
    #[schema(max_items = 10)]
    bring: Option<Vec<String>>,
    #[validate(length(min = 1, max = 1000), custom(function = readable))]
    #[schema(min_length = 1, max_length = 1000)]
    notes: Option<String>,
}

impl ThemeDayForm {
    /// The outline with what the form says.
    fn onto(&self, mut outline: Outline) -> Outline {
        let text = |text: &String| text.trim().to_owned();
        if let Some(theme) = &self.theme {
            outline.theme = text(theme);
        }
        outline.place = self.place.as_ref().map(text).or(outline.place);
        outline.notes = self.notes.as_ref().map(text).or(outline.notes);
        if let Some(steps) = &self.steps {
            outline.steps.clone_from(steps);
        }
        if let Some(materials) = &self.materials {
            outline.materials.clone_from(materials);
        }
        if let Some(bring) = &self.bring {
            outline.bring = bring.iter().map(text).collect();
        }
        outline
    }
}

/// Plans an org's day of a month in the caller's transaction; everybody invited is told.
///
/// # Errors
/// `NotFound` out of reach; `Exists`; `Field` for times that cannot be; faults of the materials' photos.
pub(super) async fn plan(
    tx: &Tx,
    state: &AppState,
    keeper: &PartyKeeper,
    org_id: Uuid,
    form: ThemeDayForm,
) -> Result<Model, ThemeDayError> {
    let org = store::org_in_reach(&**tx, &keeper.scope(), org_id).await?;
    let rule = store::rule(&**tx, &keeper.scope(), org.id).await?;
    let (month, times) = times(tx, state, rule.as_ref(), &form).await?;
    let usual = match &rule {
        Some(rule) => Outline::open(state, Rests::Rule, org.id, &rule.outline)?,
        None => Outline::usual(),
    };
    let outline = form.onto(usual);
    if outline.theme.is_empty() {
        let (zh, en) = ("请写明主题", "theme is required");
        return Err(ThemeDayError::field("theme", "required", zh, en));
    }
    let now = state.clock.now();
    let id = state.rng.id(now);
    let row = ActiveModel {
        id: Set(id),
        org_id: Set(org.id),
        month: Set(month.to_string()),
        starts_at: Set(times.0),
        ends_at: Set(times.1),
        state: Set(ThemeDayState::Planned),
        outline: Set(outline.seal(state, Rests::Day, id)?),
        check_in_code: Set(state.rng.code(SIGNS)),
        rev: Set(1),
        planned_by: Set(keeper.id()),
        created_at: Set(now),
        updated_at: Set(now),
        ..nothing_yet()
    };
    let day = match row.insert(&**tx).await {
        Err(error) if is_duplicate(&error) => return Err(ThemeDayError::Exists),
        other => other.step("plan a theme day")?,
    };
    attach(tx, state, keeper.id(), &day, &outline).await?;
    let by = By { actor: keeper.id(), words: None };
    outbox::record(&**tx, state, [fact(&day, Event::ThemeDayPlanned, by)]).await?;
    Ok(day)
}

/// What only later steps fill in.
fn nothing_yet() -> ActiveModel {
    ActiveModel {
        reason: Set(None),
        record: Set(None),
        expected: Set(None),
        came: Set(None),
        recorded_by: Set(None),
        recorded_at: Set(None),
        first_recorded_at: Set(None),
        reviewed_by: Set(None),
        reviewed_at: Set(None),
        ..Default::default()
    }
}

/// The month, and from when to when: as the form says, or the rule.
async fn times(
    tx: &Tx,
    state: &AppState,
    rule: Option<&theme_day_rule::Model>,
    form: &ThemeDayForm,
) -> Result<(Month, (At, At)), ThemeDayError> {
    let month = form.month.or(form.starts_at.map(Month::of));
    let month = month.unwrap_or_else(|| Month::of(state.clock.now()));
    let starts_at = match (form.starts_at, rule) {
        (Some(at), _) => at,
        (None, Some(rule)) => {
            let holidays = org::calendar::holidays(&**tx, month.first(), month.last()).await?;
            Wall::of(rule.starts_minute).on(day_rule(rule)?.date(month, &holidays))
        }
        (None, None) => {
            let zh = "这个组织还没有设主题党日的规则，请写明什么时候开始";
            let en = "Without a rule of this org, starts_at is required";
            return Err(ThemeDayError::field("starts_at", "required", zh, en));
        }
    };
    let length = rule.and_then(|rule| u64::try_from(rule.minutes).ok());
    let length = length.map_or(USUAL_LENGTH, |minutes| Duration::from_secs(minutes * 60));
    let ends_at = form.ends_at.unwrap_or_else(|| starts_at.plus(length));
    possible(state, month, (starts_at, ends_at))?;
    Ok((month, (starts_at, ends_at)))
}

fn possible(state: &AppState, month: Month, times: (At, At)) -> Result<(), ThemeDayError> {
    let (starts_at, ends_at) = times;
    let wrong = |field, zh, en| Err(ThemeDayError::field(field, "value", zh, en));
    if starts_at <= state.clock.now() {
        return wrong("starts_at", "活动时间要在以后", "starts_at lies in the past");
    }
    if !month.holds(Day::of(starts_at)) {
        return wrong("starts_at", "活动要在它的月份里", "It lies in its month");
    }
    if ends_at <= starts_at || ends_at > starts_at.plus(LONGEST) {
        let zh = "结束要晚于开始，最长 12 小时";
        return wrong("ends_at", zh, "It ends after it starts, at most 12 hours later");
    }
    Ok(())
}

async fn attach(
    tx: &Tx,
    state: &AppState,
    by: Uuid,
    day: &Model,
    outline: &Outline,
) -> Result<(), ThemeDayError> {
    let owner = Owner { kind: Attached::ThemeMaterial, id: day.id, org_id: day.org_id };
    Ok(file::attach(tx, state, by, owner, &outline.photos()).await?)
}

/// Changes the plan until it begins. Where its time changes, answers are asked for anew; a new time or place is told
/// once, the rest nobody needs to hear of.
///
/// # Errors
/// `NotFound` out of reach; `Refused` once it began; `Field`; faults of photos.
pub(super) async fn change(
    state: &AppState,
    keeper: &PartyKeeper,
    id: Uuid,
    form: ThemeDayForm,
) -> Result<Model, ThemeDayError> {
    let tx = state.db.write().await?;
    let day = store::locked(&tx, &keeper.scope(), id).await?.ok_or(ThemeDayError::NotFound)?;
    if form.month.is_some_and(|month| month.to_string() != day.month) {
        let (zh, en) = ("不能换月份，请取消后重新安排", "The month stays");
        return Err(ThemeDayError::field("month", "value", zh, en));
    }
    let before = Outline::open(state, Rests::Day, day.id, &day.outline)?;
    let after = form.onto(before.clone());
    let starts_at = form.starts_at.unwrap_or(day.starts_at);
    let length = u64::try_from(day.ends_at.ms() - day.starts_at.ms()).unwrap_or_default();
    let ends_at = form.ends_at.unwrap_or_else(|| starts_at.plus(Duration::from_millis(length)));
    let moved = (starts_at, ends_at) != (day.starts_at, day.ends_at);
    if moved {
        let month = Month::of(day.starts_at);
        possible(state, month, (starts_at, ends_at))?;
    }
    let mut news = Vec::new();
    if moved {
        news.push(format!("时间改为{}", spoken_with_weekday(starts_at)));
    }
    if let Some(place) = after.place.as_ref().filter(|_| after.place != before.place) {
        news.push(format!("地点改为{place}"));
    }
    let told = !news.is_empty();
    let by = By { actor: keeper.id(), words: told.then(|| news.join("，")) };
    let sealed = after.seal(state, Rests::Day, day.id)?;
    let rev = day.rev + i32::from(told);
    let day = apply(&tx, state, day, (Command::Change, told), by, |row| {
        row.outline = Set(sealed);
        row.starts_at = Set(starts_at);
        row.ends_at = Set(ends_at);
        row.rev = Set(rev);
    })
    .await?;
    if after.photos() != before.photos() {
        attach(&tx, state, keeper.id(), &day, &after).await?;
    }
    if moved {
        ask_again(&tx, day.id).await?;
    }
    tx.commit().await?;
    Ok(day)
}

/// What was said to another time says nothing of this one.
async fn ask_again(tx: &Tx, day: Uuid) -> Result<(), ThemeDayError> {
    use theme_day_person::{Column, Entity};
    let none = || Expr::value(None::<String>);
    Entity::update_many()
        .col_expr(Column::Answer, none())
        .col_expr(Column::Reason, none())
        .col_expr(Column::AnsweredAt, Expr::value(None::<i64>))
        .filter(Column::ThemeDayId.eq(day))
        .exec(&**tx)
        .await
        .step("ask again who comes")?;
    Ok(())
}

pub(super) const REASON: &str = "theme_day.reason";

/// Calls a day off; whoever has not declined is told. Another may be planned for the month.
///
/// # Errors
/// `NotFound` out of reach; `Refused` once a record was handed in.
pub(super) async fn cancel(
    state: &AppState,
    keeper: &PartyKeeper,
    id: Uuid,
    reason: String,
) -> Result<Model, ThemeDayError> {
    let tx = state.db.write().await?;
    let day = store::locked(&tx, &keeper.scope(), id).await?.ok_or(ThemeDayError::NotFound)?;
    let sealed = state.crypto.seal(REASON, day.id, &reason);
    let by = By { actor: keeper.id(), words: Some(reason) };
    let day = apply(&tx, state, day, (Command::Cancel, true), by, |row| {
        row.reason = Set(Some(sealed));
    })
    .await?;
    tx.commit().await?;
    Ok(day)
}
