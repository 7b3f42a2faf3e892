//! 党员档案 · what the branch keeps of somebody as a Party member. Apart from the person and sealed as one.

use sea_orm::entity::prelude::*;

use crate::{At, Sealed};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "party_record")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    /// Dates and words as JSON.
    pub facts: Sealed,
    /// When the person agreed to its use for anniversaries; None: they have not.
    pub consented_at: Option<At>,
    pub updated_by: Uuid,
    pub updated_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
