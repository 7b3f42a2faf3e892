//! 服务证明 and 排名: figures that can be checked by a code, and who said yes to being named.

use sea_orm_migration::prelude::*;

use crate::columns::{at, big, create, drop, flag, id, index, refers, text, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut certificate = Table::create();
        certificate
            .table("service_certificate")
            .col(id())
            .col(text("code"))
            .col(uuid("person_id"))
            .col(uuid_null("org_id"))
            .col(big("minutes"))
            .col(big("claims"))
            .col(at("issued_at"))
            .foreign_key(&mut refers("service_certificate", "person_id", "person"));
        let indexes = vec![
            index("service_certificate", &["code"]).unique().take(),
            index("service_certificate", &["person_id", "id"]),
        ];
        create(manager, vec![certificate], indexes).await?;
        let mut ranked = Table::alter();
        ranked.table("person").add_column(flag("ranked").default(false));
        manager.alter_table(ranked).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut ranked = Table::alter();
        manager.alter_table(ranked.table("person").drop_column("ranked").take()).await?;
        drop(manager, &["service_certificate"]).await
    }
}
