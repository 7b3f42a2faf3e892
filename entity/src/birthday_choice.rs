//! 政治生日的选择 · what a member wants of their own political birthday. No row: greeted, and the branch not told.

use sea_orm::entity::prelude::*;

use crate::At;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "birthday_choice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    /// 要不要祝福
    pub greet: bool,
    /// 要不要告诉支部的同志
    pub tell_branch: bool,
    pub updated_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
