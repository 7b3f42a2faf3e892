//! 微信推送 · something WeChat told us, from its arrival until it was seen to; then its hash alone, for a day.

use sea_orm::entity::prelude::*;

use crate::{At, Sealed};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "wechat_push")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// SHA-256 of what was told: told once more, sealed anew, it is known by this. Unique.
    pub digest: String,
    /// WeChat's name of the event.
    pub kind: String,
    /// What was told, as JSON; it names people. Erased as soon as it was seen to.
    pub body: Option<Sealed>,
    pub received_at: At,
    /// Not looked at before; later after each failure.
    pub due_at: At,
    pub handled_at: Option<At>,
    /// Failures so far.
    pub attempts: i32,
}

impl ActiveModelBehavior for ActiveModel {}
