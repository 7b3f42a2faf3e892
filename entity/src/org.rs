//! 组织 · a node of the one tree: from the province down to a branch or group.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::At;

/// What kind of node; the order is the order of the tree.
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
pub enum OrgKind {
    /// 省
    Province,
    /// 市
    City,
    /// 区、县
    District,
    /// 街道、乡镇
    Street,
    /// 社区、村
    Community,
    /// 单位
    Unit,
    /// 党支部
    Branch,
    /// 党小组
    Group,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "org")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// None only at the root.
    pub parent_id: Option<Uuid>,
    pub kind: OrgKind,
    /// Official division code (国家统计局), where the node is an administrative one.
    pub code: Option<String>,
    pub name: String,
    /// Ids of all nodes from the root to this one, shortened, each followed by `/`. A subtree is one range of it.
    pub path: String,
    pub created_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
