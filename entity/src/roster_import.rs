//! 花名册导入 · one file of a roster, and what came of it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{At, Sealed};

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
pub enum ImportState {
    /// 正在核对
    Running,
    /// 已完成
    Done,
    /// 有错误，什么都没有导入
    Refused,
    /// 中断了，什么都没有导入
    Failed,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roster_import")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub org_id: Uuid,
    pub by_id: Uuid,
    /// Only a trial: nothing is stored of what it finds.
    pub dry_run: bool,
    pub state: ImportState,
    /// People in the file.
    pub rows: i32,
    /// How many of them were compared with what is known.
    pub checked: i32,
    pub added: i32,
    pub changed: i32,
    pub unchanged: i32,
    /// Faults and notes with their rows, as JSON.
    pub findings: Option<Sealed>,
    pub created_at: At,
    pub updated_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
