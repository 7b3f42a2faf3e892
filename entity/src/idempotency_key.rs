//! 重试凭证 · the answer a successful request got, kept so that a retry gets the same.

use sea_orm::entity::prelude::*;

use crate::{At, Sealed};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub actor_id: Uuid,
    /// Method and path.
    #[sea_orm(primary_key, auto_increment = false)]
    pub route: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// Keyed fingerprint of the request body.
    pub body_hash: String,
    /// HTTP status of the answer.
    pub status: i32,
    /// The answer itself.
    pub body: Sealed,
    pub created_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
