//! 减负投诉 · what somebody says about an org, for the org above it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{At, Sealed};

/// What it is about.
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
pub enum ComplaintAbout {
    /// 增加负担：重复填报、强制打卡、强制使用
    Burden,
    /// 形式主义：只看痕迹、不看实效
    Formalism,
    /// 数字不实
    Figures,
    /// 服务态度
    Attitude,
    /// 个人信息
    Privacy,
    /// 其他建议
    Other,
}

/// How far it is.
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
pub enum ComplaintState {
    /// 待答复
    Open,
    /// 已答复
    Answered,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "complaint")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is; never shown where it is anonymous.
    pub person_id: Uuid,
    /// The org it is about; never shown it.
    pub org_id: Uuid,
    /// The org that answers.
    pub above_org_id: Uuid,
    pub about: ComplaintAbout,
    pub anonymous: bool,
    pub state: ComplaintState,
    pub words: Sealed,
    pub answer: Option<Sealed>,
    pub answered_by: Option<Uuid>,
    pub answered_at: Option<At>,
    pub created_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
