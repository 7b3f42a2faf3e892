//! 审计理由 · the reason given with an audited act, sealed. Beside the chain, so that keys can be renewed and a
//! person's words erased without breaking it.

use sea_orm::entity::prelude::*;

use crate::Sealed;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_words")]
pub struct Model {
    /// The entry it came with.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// What the words are sealed for.
    pub id: Uuid,
    pub why: Sealed,
}

impl ActiveModelBehavior for ActiveModel {}
