//! 主题党日的参加情况 · what a member answered, and whether they came.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{At, Sealed};

/// What a member says to the invitation.
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
pub enum Attendance {
    /// 参加
    Yes,
    /// 不参加
    No,
    /// 请假
    Leave,
}

/// How somebody was checked in.
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
pub enum ArrivedBy {
    /// 签到码
    Code,
    /// 代签
    Staff,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "theme_day_person")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub theme_day_id: Uuid,
    pub person_id: Uuid,
    /// None: not answered yet.
    pub answer: Option<Attendance>,
    /// Why not.
    pub reason: Option<Sealed>,
    pub answered_at: Option<At>,
    pub came_at: Option<At>,
    pub came_by: Option<ArrivedBy>,
    /// Who checked them in for them.
    pub noted_by: Option<Uuid>,
    pub created_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
