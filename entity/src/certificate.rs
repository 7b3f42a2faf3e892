//! 证书 · what a skill stands on. One for each skill of a person.

use sea_orm::entity::prelude::*;

use crate::{At, Sealed};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "certificate")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub skill: String,
    pub number: Sealed,
    pub issuer: Option<Sealed>,
    pub recorded_by: Uuid,
    pub recorded_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
