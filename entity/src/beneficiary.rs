//! 受益人 · for whom somebody else asked, and how they agreed to it.

use sea_orm::entity::prelude::*;

use crate::{At, Sealed};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "beneficiary")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub request_id: Uuid,
    pub name: Sealed,
    pub phone: Sealed,
    /// Blind index of the phone: whoever has proved this number sees the request.
    pub phone_index: String,
    /// In what words they agreed, as the helper tells it.
    pub consent: Sealed,
    pub consent_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
