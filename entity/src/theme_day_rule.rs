//! 主题党日规则 · how an org finds its day of the month, and what it plans there unless it says otherwise.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{At, Sealed};

/// What the day is counted by.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// 每月几日
    Date,
    /// 每月第几个星期几
    Weekday,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "theme_day_rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub org_id: Uuid,
    pub kind: DayKind,
    /// 1 to 31, for a date.
    pub day: Option<i32>,
    /// 1 to 4, or 5 for the last; for a weekday.
    pub week: Option<i32>,
    /// 1 (Monday) to 7, for a weekday.
    pub weekday: Option<i32>,
    /// Whether a day off moves to the next working day.
    pub to_working_day: bool,
    /// Minutes from midnight in Shanghai.
    pub starts_minute: i32,
    /// How long it takes.
    pub minutes: i32,
    /// When to remind, minutes from midnight: three days before, the day before, on the day.
    pub early_minute: i32,
    pub eve_minute: i32,
    pub day_minute: i32,
    pub paused: bool,
    /// Dates chosen by hand: month to date.
    pub chosen: Json,
    /// The usual plan as JSON.
    pub outline: Sealed,
    pub paused_reason: Option<Sealed>,
    pub set_by: Uuid,
    pub set_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
