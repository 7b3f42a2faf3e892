//! 图片核对 · what came of looking at one version of a photo.

use sea_orm::entity::prelude::*;

use crate::{At, Sealed};

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum MediaState {
    /// 微信在看
    Pending,
    /// 通过
    Passed,
    /// 未通过
    Refused,
    /// 待人工审核
    Review,
    /// 已不是这一版
    Expired,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "media_check")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// WeChat's number for its verdict to come; null: not known yet, or it was not asked.
    #[sea_orm(unique)]
    pub trace_id: Option<String>,
    /// The photo.
    pub object_id: Uuid,
    /// Its `file.digest` when it was looked at; the verdict is about no other.
    pub object_version: String,
    /// Whose office looks at it.
    pub org_id: Uuid,
    /// Who uploaded it.
    pub author_id: Uuid,
    pub state: MediaState,
    /// What WeChat advised: pass, review, risky; null: nothing.
    pub suggest: Option<String>,
    pub label: Option<i32>,
    pub created_at: At,
    /// When WeChat was asked; null: never, people look.
    pub asked_at: Option<At>,
    /// When WeChat answered; what it says after that changes nothing.
    pub heard_at: Option<At>,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<At>,
    pub reason: Option<Sealed>,
}

impl ActiveModelBehavior for ActiveModel {}
