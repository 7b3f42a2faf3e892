//! 积分月结 · a month of an org that is closed: written once.

use sea_orm::entity::prelude::*;

use crate::At;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "points_freeze")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub org_id: Uuid,
    /// Month in Shanghai, `YYYY-MM`.
    pub period: String,
    pub frozen_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
