//! 设置 · one value an org has set for itself and its subtree; what is not set is inherited.

use sea_orm::entity::prelude::*;

use crate::At;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "org_setting")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub org_id: Uuid,
    /// Name of the setting, as in `GET /orgs/{id}/settings`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// The value, in the type of the setting.
    pub value: Json,
    pub set_by: Uuid,
    pub set_at: At,
    /// Nobody below may set another value.
    pub locked: bool,
}

impl ActiveModelBehavior for ActiveModel {}
