//! 出镜的人 · somebody shown or named in a story, and whether they agreed.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::At;

/// What somebody says to being shown.
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
pub enum Consent {
    /// 等待回复
    Asked,
    /// 同意
    Given,
    /// 不同意
    Refused,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "story_person")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub story_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    /// False: no longer in the story; what they said is kept, so that nobody is asked twice.
    pub shown: bool,
    pub consent: Consent,
    pub created_at: At,
    pub answered_at: Option<At>,
}

impl ActiveModelBehavior for ActiveModel {}
