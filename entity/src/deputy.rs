//! 代管 · who looks after an absent colleague's requests.

use sea_orm::entity::prelude::*;

use crate::At;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deputy")]
pub struct Model {
    /// The one who is away.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    pub deputy_id: Uuid,
    pub until: At,
}

impl ActiveModelBehavior for ActiveModel {}
