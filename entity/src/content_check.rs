//! 内容核对 · what came of looking at one version of somebody's words.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{At, Sealed};

/// What the words belong to.
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
pub enum ContentKind {
    /// 需求
    Request,
    /// 群众评价
    Answer,
    /// 晒单
    Story,
    /// 政治生日寄语
    Wish,
    /// 任务上报；its subject is the task.
    Report,
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
pub enum ContentState {
    /// 通过
    Passed,
    /// 待人工审核
    Pending,
    /// 人工审核未通过
    Refused,
    /// 已改写，由新的一版代替
    Replaced,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "content_check")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: ContentKind,
    pub subject_id: Uuid,
    /// Whose office looks at it.
    pub org_id: Uuid,
    pub author_id: Uuid,
    /// Keyed fingerprint of the words that were looked at; the verdict is about no others.
    pub version: String,
    pub state: ContentState,
    /// What WeChat advised: pass, review; null: it could not be asked.
    pub suggest: Option<String>,
    pub label: Option<i32>,
    /// WeChat's number for its verdict.
    #[sea_orm(unique)]
    pub trace_id: Option<String>,
    /// The words themselves, while people have to look at them.
    pub words: Option<Sealed>,
    pub created_at: At,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<At>,
    pub reason: Option<Sealed>,
}

impl ActiveModelBehavior for ActiveModel {}
