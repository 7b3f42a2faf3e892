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
    /// Fingerprint of month and day of 入党; none without that date.
    pub joined_index: Option<String>,
    /// Fingerprint of month and day of 转正; none without that date.
    pub full_index: Option<String>,
    /// For which `updated_at` the fingerprints are; another or None: an earlier version of the program wrote the facts.
    pub indexed_at: Option<At>,
    /// Since when no cheerful notices go out: the person died, is gravely ill, mourns. Which of these stands nowhere.
    pub quiet_at: Option<At>,
}

impl ActiveModelBehavior for ActiveModel {}
