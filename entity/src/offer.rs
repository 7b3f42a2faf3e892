//! 递补、转交、定向派单 · a seat kept for one person until a time.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::At;

/// Whose turn it is and why.
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
pub enum OfferKind {
    /// 候补递补: the seat is kept in the task's `held`.
    Waitlist,
    /// 定向派单: the seat is kept in the task's `held`.
    Named,
    /// 转交: the seat stays with the colleague who hands it over.
    HandOver,
}

/// Where an offer is.
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
pub enum OfferState {
    /// 等回复
    Live,
    /// 已接受
    Accepted,
    /// 已谢绝
    Declined,
    /// 已过期
    Expired,
    /// 已失效: the task, or the claim it was to come from, is gone
    Cancelled,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "offer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub task_id: Uuid,
    pub person_id: Uuid,
    pub kind: OfferKind,
    pub state: OfferState,
    /// The claim whose seat is handed over.
    pub claim_id: Option<Uuid>,
    pub made_at: At,
    pub expires_at: At,
    pub ended_at: Option<At>,
}

impl ActiveModelBehavior for ActiveModel {}
