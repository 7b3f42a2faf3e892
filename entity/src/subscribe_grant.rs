//! 订阅授权 · how many messages of a template a person has agreed to and not had yet.

use sea_orm::entity::prelude::*;

use crate::At;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subscribe_grant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    /// WeChat's id of the template.
    #[sea_orm(primary_key, auto_increment = false)]
    pub template_id: String,
    pub balance: i32,
    /// Agreed to once for any number.
    pub permanent: bool,
    pub last_status: String,
    pub last_event_at: At,
    /// When it was last agreed to; it is void half a year later.
    pub accepted_at: Option<At>,
    /// Moves with every change.
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
