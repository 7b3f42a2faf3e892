//! 组织关系 · a person's place in an org; home branch and community of residence make 双报到.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::At;

/// Which place.
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
pub enum MembershipKind {
    /// 组织关系所在支部
    HomeBranch,
    /// 居住地社区
    Residence,
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
pub enum MembershipState {
    /// 待确认
    Pending,
    /// 已确认
    Confirmed,
    /// 未通过
    Refused,
    /// 已结束
    Ended,
}

/// 党员类别
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
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
pub enum MemberClass {
    /// 普通
    #[default]
    Ordinary,
    /// 在职
    Employed,
    /// 无职
    Unposted,
    /// 流动
    Mobile,
    /// 夕阳红
    Elder,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "membership")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub org_id: Uuid,
    pub kind: MembershipKind,
    pub state: MembershipState,
    /// Why it was refused.
    pub reason: Option<String>,
    pub decided_by: Option<Uuid>,
    pub created_at: At,
    pub updated_at: At,
    pub class: MemberClass,
    /// The membership this one was moved from (组织关系转接); that one counts again if this one is refused.
    pub moved_from: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
