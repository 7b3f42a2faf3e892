//! 推送 · a message to a phone beside a line in the inbox. A row says what became of it, and why.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{At, Sealed};

/// Where a message is.
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
pub enum PushState {
    Pending,
    /// On its way; nobody else may touch it before its lease is over.
    Sending,
    Sent,
    /// Failed, to be tried again.
    Retry,
    /// No phone will ring, and that is no fault: no grant, no account, too late. The inbox has it.
    Refused,
    /// WeChat will never take it; an operator looks.
    Dead,
    /// Nobody knows whether it arrived.
    Unknown,
}

/// What came of phoning somebody no message reaches.
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
pub enum CallOutcome {
    /// 已告知
    Reached,
    /// 无人接听
    NoAnswer,
    /// 号码不对
    WrongNumber,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "push")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// That of the line in the inbox.
    pub dedup_key: String,
    pub org_id: Uuid,
    pub person_id: Uuid,
    pub task_id: Option<Uuid>,
    /// Stable name of what it is about, e.g. `task.cancelled`.
    pub kind: String,
    /// Stable name of the kind of template.
    pub template: String,
    /// The smaller, the sooner.
    pub lane: i32,
    /// Whoever is not reached is phoned.
    pub urgent: bool,
    /// Sent again where nobody knows whether it arrived.
    pub resend: bool,
    /// What a tap opens.
    pub page: String,
    /// What it says, by part.
    pub words: Sealed,
    pub begins_at: Option<At>,
    /// Nobody needs it any more from then on.
    pub useful_until: At,
    pub state: PushState,
    /// Not before.
    pub next_at: At,
    pub attempts: i32,
    /// A grant was spent for it.
    pub paid: bool,
    /// Moves with whoever takes it; a result of an earlier one is not written.
    pub fence: i64,
    pub lease_until: Option<At>,
    /// Why it is where it is.
    pub last_class: Option<String>,
    /// WeChat's number for it.
    pub msg_id: Option<String>,
    pub called_by: Option<Uuid>,
    pub called_at: Option<At>,
    pub call_outcome: Option<CallOutcome>,
    pub at: At,
    pub updated_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
