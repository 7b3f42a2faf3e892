//! 时长更正 · hours of one claim, changed by hand: asked for by one person, decided by another.

use sea_orm::entity::prelude::*;

use crate::{At, Sealed, proposal::ProposalState};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "hours_correction")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub claim_id: Uuid,
    pub person_id: Uuid,
    pub org_id: Uuid,
    pub task_id: Uuid,
    /// Whole minutes the claim stood at when this was asked for.
    pub minutes_from: i32,
    /// Whole minutes it is to stand at.
    pub minutes_to: i32,
    /// Civil date of service in Shanghai, `YYYY-MM-DD`.
    pub served_on: String,
    pub reason: Sealed,
    pub state: ProposalState,
    pub proposed_by: Uuid,
    pub created_at: At,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<At>,
    /// Why it was refused.
    pub answer: Option<Sealed>,
}

impl ActiveModelBehavior for ActiveModel {}
