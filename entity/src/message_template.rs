//! 消息模板 · a template of the mini program as WeChat last listed it.

use sea_orm::entity::prelude::*;

use crate::At;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message_template")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub template_id: String,
    pub title: String,
    /// Agreed to once, it may be sent any number of times.
    pub long_term: bool,
    /// Why messages of it cannot be sent as the settings have it; empty: they can.
    pub fault: String,
    /// When WeChat last listed it.
    pub seen_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
