//! 纪念日: finding whose day it is without opening every party record. Beside the sealed facts lie keyed fingerprints
//! of the month and day alone, in the same row, so that whatever changes the dates changes them too.

use sea_orm_migration::prelude::*;

use crate::columns::{at_null, index, text_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

const INDEXES: [&str; 3] = ["joined_index", "full_index", "person_id"];

/// Rows whose fingerprints are older than their dates: an earlier version of the program wrote them.
fn behind() -> SimpleExpr {
    let (indexed, updated) = (Expr::col("indexed_at"), Expr::col("updated_at"));
    indexed.clone().is_null().or(indexed.lt(updated))
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let added = [
            text_null("joined_index"),
            text_null("full_index"),
            at_null("indexed_at"),
            at_null("quiet_at"),
        ];
        for column in added {
            let mut table = Table::alter();
            manager.alter_table(table.table("party_record").add_column(column).take()).await?;
        }
        for column in INDEXES {
            let mut on = index("party_record", &[column]);
            if column == "person_id" {
                on.and_where(behind());
            }
            manager.create_index(on).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in INDEXES {
            let name = format!("ix_party_record_{column}");
            manager.drop_index(Index::drop().name(name).table("party_record").to_owned()).await?;
        }
        for column in ["quiet_at", "indexed_at", "full_index", "joined_index"] {
            let mut table = Table::alter();
            manager.alter_table(table.table("party_record").drop_column(column).take()).await?;
        }
        Ok(())
    }
}
