//! 日历订阅 · a link a phone's calendar reads theme days under.

use sea_orm::entity::prelude::*;

use crate::At;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_feed")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose days it shows; or who made it, where it is an org's.
    pub person_id: Uuid,
    /// The org whose days it shows; None: those of the person's branch.
    pub org_id: Option<Uuid>,
    /// Nobody reads a link back from here.
    pub token_hash: String,
    pub created_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
