//! 月结的积分 · what a person had on one account when a month was closed: written once.

use sea_orm::entity::prelude::*;

use crate::points_rule::PointsKind;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "points_frozen")]
pub struct Model {
    /// The closed month and its org.
    #[sea_orm(primary_key, auto_increment = false)]
    pub freeze_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: PointsKind,
    pub amount: i64,
}

impl ActiveModelBehavior for ActiveModel {}
