//! 谁的微信: the accounts of some people within one app. With the person alone in the index SQLite reads every account
//! of the app instead.

use sea_orm_migration::prelude::*;

use crate::columns::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "wechat_identity";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(index(TABLE, &["person_id", "app_id"])).await?;
        manager
            .drop_index(Index::drop().name("ix_wechat_identity_person_id").table(TABLE).to_owned())
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(index(TABLE, &["person_id"])).await?;
        let name = "ix_wechat_identity_person_id_app_id";
        manager.drop_index(Index::drop().name(name).table(TABLE).to_owned()).await
    }
}
