//! 群众评价 · the resident's verdict on one task done for a request.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{At, Sealed};

/// Was it done?
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
pub enum Verdict {
    /// 办好了
    Done,
    /// 只办了一部分
    Partly,
    /// 没办
    NotDone,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "answer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub request_id: Uuid,
    pub task_id: Uuid,
    pub person_id: Uuid,
    pub verdict: Verdict,
    /// 1 to 5.
    pub stars: Option<i32>,
    pub words: Option<Sealed>,
    pub created_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
