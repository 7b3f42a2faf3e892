//! 技能 · what a person is trusted to do, recorded by an org.

use sea_orm::entity::prelude::*;

use crate::At;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person_skill")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub skill: String,
    pub recorded_by: Uuid,
    pub recorded_at: At,
    /// From then on it no longer counts; None: it stays.
    pub expires_at: Option<At>,
}

impl ActiveModelBehavior for ActiveModel {}
