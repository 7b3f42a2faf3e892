//! 星级申诉 · a member asks to have their stars looked at again; a second person decides.

use sea_orm::entity::prelude::*;

use crate::{At, Sealed, proposal::ProposalState};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "star_appeal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub rating_id: Uuid,
    pub org_id: Uuid,
    pub person_id: Uuid,
    pub reason: Sealed,
    pub state: ProposalState,
    pub created_at: At,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<At>,
    /// Why it was refused.
    pub answer: Option<Sealed>,
    /// What it stands at since it was approved.
    pub stars: Option<i32>,
}

impl ActiveModelBehavior for ActiveModel {}
