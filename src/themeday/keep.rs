//! 规则: how an org finds its day of the month, what it usually does there, when its people are reminded.

use std::collections::BTreeMap;

use ::entity::{
    At, org,
    theme_day_rule::{ActiveModel, DayKind, Entity, Model},
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    audit::{self, Act, Deed},
    identity::{PartyKeeper, Scope},
    kernel::{Day, Error, Month},
    org as orgs,
    platform::{AppState, db::Step, http::input::readable},
};

use super::{
    change::ThemeDayError,
    outline::{AgendaStep, Outline, Rests, few_words, one_and_more},
    rule::{By, DayRule, Wall},
    store,
};

pub(super) const PAUSED: &str = "theme_day_rule.paused_reason";

/// A date chosen by hand for one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChosenDate {
    #[schema(value_type = String, format = "month", example = "2026-11")]
    pub(super) month: Month,
    /// Lies in the month.
    #[schema(value_type = String, format = Date, example = "2026-11-27")]
    #[serde(with = "day_text")]
    pub(super) date: Day,
}

mod day_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    use crate::kernel::Day;

    pub(super) fn serialize<S: Serializer>(day: &Day, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(day)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Day, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// The rule as it is written and read.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ThemeDayRule {
    pub(super) kind: DayKind,
    /// For a `date`: 1 to 31, at most the month's last day.
    #[validate(range(min = 1, max = 31))]
    #[schema(minimum = 1, maximum = 31)]
    pub(super) day: Option<i32>,
    /// For a `weekday`: which one, 1 to 4, or 5 for the last.
    #[validate(range(min = 1, max = 5))]
    #[schema(minimum = 1, maximum = 5)]
    pub(super) week: Option<i32>,
    /// For a `weekday`: 1 (Monday) to 7 (Sunday).
    #[validate(range(min = 1, max = 7))]
    #[schema(minimum = 1, maximum = 7)]
    pub(super) weekday: Option<i32>,
    /// Whether a day off moves to the next working day of the month by the holiday calendar.
    #[serde(default)]
    pub(super) to_working_day: bool,
    /// When it begins, by the wall clock.
    #[schema(value_type = String, format = "time", example = "15:00")]
    pub(super) starts: Wall,
    /// How long it takes.
    #[validate(range(min = 15, max = 720))]
    #[schema(minimum = 15, maximum = 720)]
    pub(super) minutes: i32,
    /// When people are reminded three days before; 09:00 when absent.
    #[serde(default = "nine")]
    #[schema(value_type = String, format = "time", example = "09:00")]
    pub(super) remind_early: Wall,
    /// The day before; 19:00 when absent.
    #[serde(default = "seven_in_the_evening")]
    #[schema(value_type = String, format = "time", example = "19:00")]
    pub(super) remind_eve: Wall,
    /// On the day, where that is before it begins; 08:00 when absent.
    #[serde(default = "eight")]
    #[schema(value_type = String, format = "time", example = "08:00")]
    pub(super) remind_day: Wall,
    #[serde(default)]
    pub(super) paused: bool,
    /// Why; asked for where it is paused.
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    pub(super) paused_reason: Option<String>,
    #[serde(default)]
    #[validate(length(max = 24))]
    #[schema(max_items = 24)]
    pub(super) chosen: Vec<ChosenDate>,
    #[validate(length(min = 1, max = 60), custom(function = readable))]
    #[schema(min_length = 1, max_length = 60)]
    pub(super) place: Option<String>,
    /// The usual agenda; 唱歌曲、讲党课、学模范、过生日、齐行动 when absent.
    #[serde(default = "usual_steps")]
    #[validate(length(min = 1, max = 12), nested, custom(function = one_and_more))]
    #[schema(min_items = 1, max_items = 12)]
    pub(super) steps: Vec<AgendaStep>,
    #[serde(default)]
    #[validate(length(max = 10), custom(function = few_words))]
    #[schema(max_items = 10)]
    pub(super) bring: Vec<String>,
}

fn nine() -> Wall {
    Wall::of(9 * 60)
}

fn seven_in_the_evening() -> Wall {
    Wall::of(19 * 60)
}

fn eight() -> Wall {
    Wall::of(8 * 60)
}

fn usual_steps() -> Vec<AgendaStep> {
    Outline::usual().steps
}

/// A rule in force, with the days it names next.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThemeDayRuleView {
    pub org_id: Uuid,
    #[serde(flatten)]
    pub rule: ThemeDayRule,
    /// The days of this month and the two after it, by the calendar of today.
    #[schema(value_type = Vec<ChosenDate>)]
    pub next: Vec<ChosenDate>,
    pub set_at: At,
}

/// What a stored rule says about the day.
pub(super) fn day_rule(row: &Model) -> Result<DayRule, Error> {
    let n = |value: Option<i32>| u32::try_from(value.unwrap_or(1)).unwrap_or(1);
    let chosen: Vec<ChosenDate> = serde_json::from_value(row.chosen.clone())
        .map_err(|error| Error::broken("read the chosen dates", error))?;
    Ok(DayRule {
        by: match row.kind {
            DayKind::Date => By::Date(n(row.day)),
            DayKind::Weekday => By::Weekday { week: n(row.week), weekday: n(row.weekday) },
        },
        to_working_day: row.to_working_day,
        chosen: BTreeMap::from_iter(chosen.into_iter().map(|one| (one.month, one.date))),
    })
}

/// The rule of an org in reach.
///
/// # Errors
/// `NotFound` out of reach, or where none was set.
pub(super) async fn show(
    state: &AppState,
    scope: &Scope,
    org_id: Uuid,
) -> Result<ThemeDayRuleView, ThemeDayError> {
    let db = state.db.read();
    let row = store::rule(db, scope, org_id).await?.ok_or(ThemeDayError::NotFound)?;
    Ok(view(db, state, row).await?)
}

/// Sets the rule of an org in reach, whole.
///
/// # Errors
/// `NotFound`; `Field` for parts that do not fit together.
pub(super) async fn set(
    state: &AppState,
    keeper: &PartyKeeper,
    org_id: Uuid,
    rule: ThemeDayRule,
) -> Result<ThemeDayRuleView, ThemeDayError> {
    fits(&rule)?;
    let tx = state.db.write().await?;
    let org = store::org_in_reach(&*tx, &keeper.scope(), org_id).await?;
    let row = row(state, keeper.id(), &org, &rule)?;
    let anew = OnConflict::column(::entity::theme_day_rule::Column::OrgId)
        .update_columns(store::rule_columns())
        .to_owned();
    Entity::insert(row)
        .on_conflict(anew)
        .exec_without_returning(&*tx)
        .await
        .step("set the rule of theme days")?;
    let deed = Deed {
        act: Act::ThemeDayRuleSet,
        actor_id: Some(keeper.id()),
        org_id: Some(org.id),
        subject_id: Some(org.id),
        why: None,
    };
    let stored = store::rule(&*tx, &keeper.scope(), org.id).await?;
    let stored = stored.ok_or_else(|| Error::impossible("read the rule just set"))?;
    let view = view(&*tx, state, stored).await?;
    audit::record(&tx, state, deed).await?;
    tx.commit().await?;
    Ok(view)
}

fn fits(rule: &ThemeDayRule) -> Result<(), ThemeDayError> {
    let wants = |field, zh, en| Err(ThemeDayError::field(field, "required", zh, en));
    match rule.kind {
        DayKind::Date if rule.day.is_none() => {
            return wants("day", "请写明每月几日", "day is required for a date");
        }
        DayKind::Weekday if rule.week.is_none() => {
            return wants("week", "请写明第几个星期", "week is required for a weekday");
        }
        DayKind::Weekday if rule.weekday.is_none() => {
            return wants("weekday", "请写明星期几", "weekday is required for a weekday");
        }
        _ => {}
    }
    if rule.paused && rule.paused_reason.is_none() {
        return wants("paused_reason", "暂停要写明原因", "Say why it is paused");
    }
    let inside = |one: &ChosenDate| one.month.holds(one.date);
    if !rule.chosen.iter().all(inside) {
        let (zh, en) = ("选定的日期要在它的月份里", "A chosen date lies in its month");
        return Err(ThemeDayError::field("chosen", "value", zh, en));
    }
    Ok(())
}

fn row(
    state: &AppState,
    by: Uuid,
    org: &org::Model,
    rule: &ThemeDayRule,
) -> Result<ActiveModel, Error> {
    let outline = Outline {
        place: rule.place.clone(),
        steps: rule.steps.clone(),
        bring: rule.bring.clone(),
        ..Outline::default()
    };
    let why = rule.paused_reason.as_deref().filter(|_| rule.paused);
    let chosen = serde_json::to_value(&rule.chosen)
        .map_err(|error| Error::broken("write the chosen dates", error))?;
    Ok(ActiveModel {
        org_id: Set(org.id),
        kind: Set(rule.kind),
        day: Set(rule.day),
        week: Set(rule.week),
        weekday: Set(rule.weekday),
        to_working_day: Set(rule.to_working_day),
        starts_minute: Set(rule.starts.minutes()),
        minutes: Set(rule.minutes),
        early_minute: Set(rule.remind_early.minutes()),
        eve_minute: Set(rule.remind_eve.minutes()),
        day_minute: Set(rule.remind_day.minutes()),
        paused: Set(rule.paused),
        chosen: Set(chosen),
        outline: Set(outline.seal(state, Rests::Rule, org.id)?),
        paused_reason: Set(why.map(|why| state.crypto.seal(PAUSED, org.id, why.trim()))),
        set_by: Set(by),
        set_at: Set(state.clock.now()),
    })
}

async fn view(
    db: &impl ConnectionTrait,
    state: &AppState,
    row: Model,
) -> Result<ThemeDayRuleView, Error> {
    let outline = Outline::open(state, Rests::Rule, row.org_id, &row.outline)?;
    let found = day_rule(&row)?;
    let this = Month::of(state.clock.now());
    let months = [this, this.next(), this.next().next()];
    let holidays = orgs::calendar::holidays(db, this.first(), months[2].last()).await?;
    let next = months.map(|month| ChosenDate { month, date: found.date(month, &holidays) });
    let chosen = found.chosen.into_iter().map(|(month, date)| ChosenDate { month, date });
    let reason = row.paused_reason.as_ref();
    Ok(ThemeDayRuleView {
        org_id: row.org_id,
        rule: ThemeDayRule {
            kind: row.kind,
            day: row.day,
            week: row.week,
            weekday: row.weekday,
            to_working_day: row.to_working_day,
            starts: Wall::of(row.starts_minute),
            minutes: row.minutes,
            remind_early: Wall::of(row.early_minute),
            remind_eve: Wall::of(row.eve_minute),
            remind_day: Wall::of(row.day_minute),
            paused: row.paused,
            paused_reason: state.crypto.open_some(PAUSED, row.org_id, reason)?,
            chosen: chosen.collect(),
            place: outline.place,
            steps: outline.steps,
            bring: outline.bring,
        },
        next: next.to_vec(),
        set_at: row.set_at,
    })
}
