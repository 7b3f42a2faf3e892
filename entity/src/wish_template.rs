//! 寄语模板 · words an org keeps for wishes, of its own. Sealed: nothing keeps a secretary from naming somebody.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{At, Sealed};

/// Which years it fits.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Milestone {
    /// 平常的年份
    Ordinary,
    /// 逢五
    Fifth,
    /// 逢十
    Tenth,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "wish_template")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub org_id: Uuid,
    pub fits: Milestone,
    pub words: Sealed,
    pub written_by: Uuid,
    pub written_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
