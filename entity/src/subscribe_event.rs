//! 订阅记录 · what was heard of a person's grants, from their phone and from WeChat. Rows are only added.

use sea_orm::entity::prelude::*;

use crate::At;

/// Who told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Source {
    /// The mini program: a hint, which anybody could make up.
    Client,
    /// WeChat's push of a prompt: the truth.
    Popup,
    /// WeChat's push of a change in the settings.
    Change,
    /// WeChat's push of what became of a message.
    Sent,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subscribe_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub template_id: String,
    pub source: Source,
    /// As it was told: `accept`, `reject`, an error's number.
    pub status: String,
    pub at: At,
    /// By how much it changed the account: one more, one less, or nothing.
    pub change: i32,
    /// Unique: the same thing is heard once.
    pub event_key: String,
    /// The one of the other source that tells of the same prompt.
    pub pair_of: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
