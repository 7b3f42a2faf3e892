//! 主题党日 · one org's day of one month: plan, attendance, record, review.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{At, Sealed};

/// How far it is. Whether it is over is told by its times.
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
pub enum ThemeDayState {
    /// 已安排
    Planned,
    /// 待上级审核
    Recorded,
    /// 已退回
    Returned,
    /// 已通过
    Approved,
    /// 已取消
    Cancelled,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "theme_day")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub org_id: Uuid,
    /// `2026-11`: the month it counts for, in Asia/Shanghai.
    pub month: String,
    pub starts_at: At,
    pub ends_at: At,
    pub state: ThemeDayState,
    /// The plan as JSON: theme, place, steps, materials.
    pub outline: Sealed,
    pub check_in_code: String,
    /// Why it was cancelled or returned.
    pub reason: Option<Sealed>,
    /// The words of the record.
    pub record: Option<Sealed>,
    /// How many should have come and how many came, counted when the record was handed in.
    pub expected: Option<i32>,
    pub came: Option<i32>,
    /// Grows with every change of time or place.
    pub rev: i32,
    pub planned_by: Uuid,
    pub recorded_by: Option<Uuid>,
    pub recorded_at: Option<At>,
    /// What punctuality is judged by.
    pub first_recorded_at: Option<At>,
    pub reviewed_by: Option<Uuid>,
    pub reviewed_at: Option<At>,
    pub created_at: At,
    pub updated_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
