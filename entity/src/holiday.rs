//! 节假日 · a day off, or a weekend day worked instead.

use sea_orm::entity::prelude::*;

/// What the calendar says of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum HolidayKind {
    /// 放假
    Off,
    /// 调休上班
    Work,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "holiday")]
pub struct Model {
    /// `2026-10-01`, in Asia/Shanghai.
    #[sea_orm(primary_key, auto_increment = false)]
    pub date: String,
    pub kind: HolidayKind,
    pub name: String,
}

impl ActiveModelBehavior for ActiveModel {}
