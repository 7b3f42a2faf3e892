//! 缺席 · a claim whose holder did not come or says they cannot, and how their word was taken.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{At, Sealed};

/// How an excuse or an appeal was decided.
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
pub enum Ruling {
    /// 认可
    Accepted,
    /// 不认可
    Refused,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "absence")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// One row per claim.
    pub claim_id: Uuid,
    pub task_id: Uuid,
    pub person_id: Uuid,
    /// The task's org.
    pub org_id: Uuid,
    /// When the work they missed began; None: only an excuse was sent so far.
    pub missed_at: Option<At>,
    /// Who marked it. None: the house, when the task was confirmed.
    pub marked_by: Option<Uuid>,
    /// In the member's words.
    pub excuse: Option<Sealed>,
    pub excuse_at: Option<At>,
    pub ruling: Option<Ruling>,
    pub ruling_words: Option<Sealed>,
    pub ruled_by: Option<Uuid>,
    pub ruled_at: Option<At>,
    pub appeal: Option<Sealed>,
    pub appeal_at: Option<At>,
    pub appeal_ruling: Option<Ruling>,
    pub appeal_words: Option<Sealed>,
    pub appeal_ruled_by: Option<Uuid>,
    pub appeal_ruled_at: Option<At>,
    /// It does not count against the member.
    pub excused: bool,
    pub created_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
