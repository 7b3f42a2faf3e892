//! 服务证明 · figures of a person at one moment, which anybody who is shown the code can check.

use sea_orm::entity::prelude::*;

use crate::At;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "service_certificate")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Random; says nothing about the person.
    pub code: String,
    pub person_id: Uuid,
    /// The home branch or community of residence, if there was one.
    pub org_id: Option<Uuid>,
    /// Whole minutes, corrections included.
    pub minutes: i64,
    /// From how many claims.
    pub claims: i64,
    pub issued_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
