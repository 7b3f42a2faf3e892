//! 草稿 · what a resident has begun to write; one per person.

use sea_orm::entity::prelude::*;

use crate::{At, Sealed};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "request_draft")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    /// The form as JSON; sealed.
    pub content: Sealed,
    pub saved_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
