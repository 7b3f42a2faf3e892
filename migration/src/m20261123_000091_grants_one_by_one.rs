//! 授权逐笔到期: each word of a grant says by how much it changed the account, so that what was agreed to half a year ago
//! can be told from what was agreed to yesterday.

use sea_orm_migration::prelude::*;

use crate::columns::int;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut change = Table::alter();
        change.table("subscribe_event").add_column(int("change").default(0).take());
        manager.alter_table(change.take()).await?;
        // A word without a pair counts; WeChat's stands over the phone's.
        let fill = "UPDATE subscribe_event SET change = \
            CASE WHEN status LIKE 'accept%' THEN 1 ELSE 0 END \
            - CASE WHEN EXISTS (SELECT 1 FROM subscribe_event hint \
                WHERE hint.id = subscribe_event.pair_of AND hint.status LIKE 'accept%') THEN 1 ELSE 0 END \
            WHERE source = 'popup' OR source = 'client' AND pair_of IS NULL";
        manager.get_connection().execute_unprepared(fill).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut change = Table::alter();
        change.table("subscribe_event").drop_column("change");
        manager.alter_table(change.take()).await
    }
}
