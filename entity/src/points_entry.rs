//! 积分 · append-only ledger of points, each with its source.

use sea_orm::entity::prelude::*;

use crate::{
    At,
    points_rule::{PointsKind, PointsTrigger},
};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "points_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    /// Whose rules gave them.
    pub org_id: Uuid,
    pub kind: PointsKind,
    pub trigger: PointsTrigger,
    /// Deductions are negative.
    pub amount: i32,
    /// None: by hand.
    pub rule_id: Option<Uuid>,
    /// The row they come from: a claim, a correction, a story, a proposal, the entry taken back.
    pub source_id: Uuid,
    pub claim_id: Option<Uuid>,
    pub task_id: Option<Uuid>,
    /// Civil date in Shanghai, `YYYY-MM-DD`.
    pub occurred_on: String,
    /// Its month, `YYYY-MM`; the database derives it.
    pub period: String,
    /// The closed month that should have had it; it counts in the month of its date.
    pub corrects: Option<String>,
    pub created_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
