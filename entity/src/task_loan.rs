//! 借人 · a community asks a neighbouring one to open a task to its people.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{At, Sealed};

/// What the other office says.
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
pub enum LoanState {
    /// 待答复
    Pending,
    /// 已同意
    Accepted,
    /// 未同意
    Refused,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task_loan")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub task_id: Uuid,
    /// The org that is asked for its people.
    pub org_id: Uuid,
    pub state: LoanState,
    /// What the asking office writes; sealed, it may name people.
    pub note: Option<Sealed>,
    /// Why not; sealed likewise.
    pub reason: Option<Sealed>,
    pub asked_by: Uuid,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<At>,
    pub created_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
