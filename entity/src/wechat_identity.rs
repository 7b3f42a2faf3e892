//! 微信身份 · which account an openid opens.

use sea_orm::entity::prelude::*;

use crate::At;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "wechat_identity")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub app_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub openid: String,
    pub person_id: Uuid,
    pub created_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
