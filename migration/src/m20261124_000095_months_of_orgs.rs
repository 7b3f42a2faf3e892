//! What the overview counts of a month: found by org and time, without the years before.

use sea_orm_migration::prelude::*;

use crate::columns::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

const INDEXES: [(&str, &[&str]); 7] = [
    ("request", &["org_id", "created_at"]),
    ("request", &["org_id", "closed_at"]),
    ("answer", &["created_at"]),
    ("task", &["org_id", "starts_at"]),
    ("absence", &["org_id", "missed_at"]),
    ("hours_entry", &["org_id", "served_on"]),
    ("story", &["org_id", "published_at"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in INDEXES {
            manager.create_index(index(table, columns)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in INDEXES {
            let name = format!("ix_{table}_{}", columns.join("_"));
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        Ok(())
    }
}
