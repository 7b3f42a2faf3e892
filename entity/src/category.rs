//! 类别 · a kind of help an org offers, for itself and its subtree.

use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::At;

/// Something the office needs to know of every such request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Question {
    /// 例如「住几楼，有没有电梯？」
    pub text: String,
    /// Without an answer the request is not taken.
    pub required: bool,
}

/// At most two.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult, ToSchema,
)]
pub struct Questions(pub Vec<Question>);

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "category")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The org that set it; its subtree inherits it.
    pub org_id: Uuid,
    /// Unique per org.
    pub name: String,
    pub questions: Questions,
    /// Hours; None: as the org's settings have it.
    pub promise_first_hours: Option<i32>,
    /// Working days; None: as the org's settings have it.
    pub promise_done_days: Option<i32>,
    /// 上门服务两人同行
    pub two_people: bool,
    /// 未成年人参加须有成人陪同
    pub adult_with_minors: bool,
    /// 保险说明
    pub insurance_note: Option<String>,
    /// Whether residents may choose it.
    pub active: bool,
    pub changed_by: Uuid,
    pub created_at: At,
    pub updated_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
