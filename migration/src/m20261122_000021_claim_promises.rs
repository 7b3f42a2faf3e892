//! 接单: who arranged it, where the office did; and by when a claimant says again that they come, after the times
//! of the task were changed.

use sea_orm_migration::prelude::*;

use crate::columns::{at_null, index, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [uuid_null("assigned_by"), at_null("reconfirm_by"), at_null("reconfirmed_at")]
        {
            let alter = Table::alter().table("claim").add_column(column).to_owned();
            manager.alter_table(alter).await?;
        }
        let mut asked = index("claim", &["reconfirm_by"]);
        asked.and_where(
            Expr::col("state").eq("active").and(Expr::col("reconfirm_by").is_not_null()),
        );
        manager.create_index(asked).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::drop().name("ix_claim_reconfirm_by").table("claim").to_owned();
        manager.drop_index(index).await?;
        for column in ["reconfirmed_at", "reconfirm_by", "assigned_by"] {
            let alter = Table::alter().table("claim").drop_column(column).to_owned();
            manager.alter_table(alter).await?;
        }
        Ok(())
    }
}
