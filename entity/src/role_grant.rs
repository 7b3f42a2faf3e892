//! 授权 · (person, org, role); it reaches the org's whole subtree.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::At;

/// What a grant allows.
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
pub enum Role {
    /// 运维：安装、升级、备份
    Operator,
    /// 审计
    Auditor,
    /// 领导：看数据
    Leader,
    /// 支部书记
    Secretary,
    /// 社区工作者：派单
    Dispatcher,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_grant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub org_id: Uuid,
    /// Path of the org, so that reach is known without reading the tree.
    pub org_path: String,
    pub role: Role,
    /// None: by the installation itself.
    pub granted_by: Option<Uuid>,
    pub granted_at: At,
    pub revoked_at: Option<At>,
}

impl ActiveModelBehavior for ActiveModel {}
