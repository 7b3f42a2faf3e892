//! 星级 · stars of half a year, from the points of its closed months: written once.

use sea_orm::entity::prelude::*;

use crate::At;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "star_rating")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub org_id: Uuid,
    pub person_id: Uuid,
    /// `2026-H2`
    pub period: String,
    /// Sum of the closed months, deductions taken off.
    pub points: i64,
    /// 1 to 5; 0: too few points for a star.
    pub stars: i32,
    pub rated_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
