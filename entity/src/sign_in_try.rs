//! 登录尝试 · wrong passwords in a row, by user name, whether or not anybody has that name.

use sea_orm::entity::prelude::*;

use crate::At;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_try")]
pub struct Model {
    /// Blind index of the user name that was typed.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name_index: String,
    pub failures: i32,
    /// No try is judged before this; grows with each failure.
    pub locked_until: Option<At>,
    pub updated_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
