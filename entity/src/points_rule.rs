//! 积分规则 · what earns or costs points in an org and below it. A rule is replaced, never changed: entries name theirs.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::At;

/// Which account points are on.
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
pub enum PointsKind {
    /// 基础分
    Base,
    /// 先锋分
    Pioneer,
    /// 倒扣分
    Deduction,
}

/// What happened.
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
pub enum PointsTrigger {
    /// 每满一小时服务
    ServiceHour,
    /// 完成一次任务
    TaskConfirmed,
    /// 担任任务负责人
    Lead,
    /// 接单未到场
    NoShow,
    /// 晒单发布
    Story,
    /// 群众五星评价
    AnswerFiveStars,
    /// 人工记分，两个人经手
    Manual,
    /// 冲回另一条
    Reversal,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "points_rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub org_id: Uuid,
    pub kind: PointsKind,
    pub trigger: PointsTrigger,
    /// Points each time (per full hour for `service_hour`), never negative; 0: none here, whatever is set above.
    pub amount: i32,
    /// At most so many a person and month; None: no limit.
    pub monthly_cap: Option<i32>,
    /// First day it holds, `YYYY-MM-DD` in Shanghai.
    pub from_on: Option<String>,
    /// Last day it holds.
    pub until_on: Option<String>,
    pub set_by: Uuid,
    pub set_at: At,
    /// When another took its place.
    pub replaced_at: Option<At>,
}

impl ActiveModelBehavior for ActiveModel {}
