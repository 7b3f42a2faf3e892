//! 党员类别, 组织关系转接, and skills that run out, with the certificate they stand on.

use sea_orm_migration::prelude::*;

use crate::columns::{
    at, at_null, create, drop, id, index, one_of, refers, text, text_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const CLASSES: &[&str] = &["ordinary", "employed", "unposted", "mobile", "elder"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let added = [
            ("membership", one_of("class", CLASSES).default("ordinary").take()),
            ("membership", uuid_null("moved_from")),
            ("person_skill", at_null("expires_at")),
        ];
        for (table, column) in added {
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        let mut certificate = Table::create();
        certificate
            .table("certificate")
            .col(id())
            .col(uuid("person_id"))
            .col(text("skill"))
            .col(text("number"))
            .col(text_null("issuer"))
            .col(uuid("recorded_by"))
            .col(at("recorded_at"))
            .foreign_key(&mut refers("certificate", "person_id", "person"));
        let one = index("certificate", &["person_id", "skill"]).unique().take();
        create(manager, vec![certificate], vec![one]).await?;
        manager.create_index(index("person_skill", &["expires_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["certificate"]).await?;
        manager
            .drop_index(
                Index::drop().name("ix_person_skill_expires_at").table("person_skill").to_owned(),
            )
            .await?;
        for (table, column) in
            [("person_skill", "expires_at"), ("membership", "moved_from"), ("membership", "class")]
        {
            manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
