//! 通知里点到的人 · who is named in a notice to others, so that leaving takes that notice away.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "birthday_named")]
pub struct Model {
    /// What the notices have as the row they are about.
    #[sea_orm(primary_key, auto_increment = false)]
    pub told_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
