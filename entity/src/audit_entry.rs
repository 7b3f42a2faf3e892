//! 审计 · who did what with somebody else's rights or data. Append-only; each row holds the hash of the one before.

use sea_orm::entity::prelude::*;

use crate::At;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    /// Counts from 1 without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub at: At,
    /// None: the house itself, or an operator at the machine.
    pub actor_id: Option<Uuid>,
    /// Stable name of what was done, e.g. `role.granted`.
    pub action: String,
    pub org_id: Option<Uuid>,
    /// The row it was done to.
    pub subject_id: Option<Uuid>,
    /// Keyed fingerprint of the reason given; the reason itself rests sealed in `audit_words`.
    pub why_digest: Option<String>,
    /// `hash` of the row before; empty for the first.
    pub prev: String,
    /// SHA-256 over all the above.
    pub hash: String,
}

impl ActiveModelBehavior for ActiveModel {}
