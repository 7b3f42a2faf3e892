//! 先到的结论 · a verdict of WeChat's on a photo that came before it was known which photo it is about.

use sea_orm::entity::prelude::*;

use crate::At;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "media_verdict")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub trace_id: String,
    /// 0: it was looked at.
    pub code: i64,
    pub suggest: String,
    pub label: i64,
    pub heard_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
