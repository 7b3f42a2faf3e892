//! 人工记分 · points by hand: asked for by one person, decided by another.

use sea_orm::entity::prelude::*;

use crate::{At, Sealed, points_rule::PointsKind, proposal::ProposalState};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "points_proposal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub org_id: Uuid,
    pub person_id: Uuid,
    pub kind: PointsKind,
    /// Never negative: the kind says which way.
    pub amount: i32,
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
