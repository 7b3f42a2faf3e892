//! 人 · an account. What identifies the human being is sealed.

use sea_orm::entity::prelude::*;

use crate::{At, Sealed};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What the person wants to be called; shown to others.
    pub name: String,
    /// Name on the roster.
    pub real_name: Option<Sealed>,
    pub phone: Option<Sealed>,
    /// Blind index of the phone: equality without the number. Unique per installation.
    pub phone_index: Option<String>,
    /// Registered as a volunteer (群众参与).
    pub volunteer: bool,
    /// Said yes to being named in rankings (排名); nobody is named unasked.
    pub ranked: bool,
    /// When the account was closed by its owner; what identified them is gone.
    pub left_at: Option<At>,
    pub created_at: At,
    pub updated_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
