//! 照片的用处 · what a photo belongs to: a request, a report, a story.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::At;

/// What photos are attached to.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Attached {
    /// 需求
    Request,
    /// 上报；its owner is the task.
    Report,
    /// 晒单
    Story,
    /// 主题党日的学习材料
    ThemeMaterial,
    /// 主题党日的记录
    ThemeRecord,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file_use")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub file_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: Attached,
    /// The request, task or story.
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: Uuid,
    pub org_id: Uuid,
    /// Place in the owner's row of photos, from 0.
    pub place: i32,
    /// Everybody may see it.
    pub published: bool,
    pub created_at: At,
    #[sea_orm(belongs_to, from = "file_id", to = "id")]
    pub file: HasOne<super::file::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
