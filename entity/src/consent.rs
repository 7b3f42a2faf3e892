//! 同意 · what a person agreed to, in which words, and when they took it back.

use sea_orm::entity::prelude::*;

use crate::At;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    /// Name of the purpose, e.g. `photo`.
    pub purpose: String,
    /// Version of the words that were shown.
    pub version: String,
    /// SHA-256 of these words, and the session they were agreed to in.
    pub evidence: String,
    pub given_at: At,
    pub withdrawn_at: Option<At>,
}

impl ActiveModelBehavior for ActiveModel {}
