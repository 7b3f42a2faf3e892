//! 会话 · one sign-in: a family of refresh tokens of which one generation is current.

use sea_orm::entity::prelude::*;

use crate::At;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    /// Counts refreshes.
    pub generation: i64,
    /// SHA-256 of the current refresh token.
    pub token_hash: String,
    /// SHA-256 of the one before; a lost reply may show it once more.
    pub previous_hash: Option<String>,
    /// How long it lasts without being renewed, milliseconds.
    pub life_ms: i64,
    pub expires_at: At,
    pub revoked_at: Option<At>,
    pub created_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
