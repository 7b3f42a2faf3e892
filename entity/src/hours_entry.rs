//! 服务时长 · append-only ledger, tied to a claim.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::At;

/// Where minutes come from.
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
pub enum HoursKind {
    /// 签到签退核定
    Service,
    /// 更正：两个人经手，永远标明
    Correction,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "hours_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub claim_id: Uuid,
    pub kind: HoursKind,
    pub person_id: Uuid,
    pub org_id: Uuid,
    pub task_id: Uuid,
    /// The correction an entry comes from; None: the claim itself.
    pub source_id: Option<Uuid>,
    /// Whole minutes; a correction may take some back.
    pub minutes: i32,
    /// Civil date in Shanghai, `YYYY-MM-DD`.
    pub served_on: String,
    /// Month of service in Shanghai, `YYYY-MM`; the database derives it from `served_on`.
    pub period: String,
    pub created_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
