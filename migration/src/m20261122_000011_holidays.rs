//! 节假日: the State Council's calendar, days off and days worked instead; without it weekends alone are off.

use sea_orm_migration::prelude::*;

use crate::columns::{create, drop, one_of, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut holiday = Table::create();
        holiday
            .table("holiday")
            .col(text("date").primary_key())
            .col(one_of("kind", &["off", "work"]))
            .col(text("name"));
        create(manager, vec![holiday], vec![]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["holiday"]).await
    }
}
