//! 口令 · how staff sign in at the console.

use sea_orm::entity::prelude::*;

use crate::At;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credential")]
pub struct Model {
    /// Lower case; unique per installation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub username: String,
    pub person_id: Uuid,
    /// Argon2id, PHC string.
    pub password_hash: String,
    pub updated_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
