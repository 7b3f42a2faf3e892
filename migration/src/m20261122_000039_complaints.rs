//! 减负投诉: what people say about the burdens an org puts on them; read by the org above it.

use sea_orm_migration::prelude::*;

use crate::columns::{
    at, at_null, create, drop, flag, id, index, one_of, refers, text, text_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut complaint = Table::create();
        complaint
            .table("complaint")
            .col(id())
            .col(uuid("person_id"))
            .col(uuid("org_id"))
            .col(uuid("above_org_id"))
            .col(one_of(
                "about",
                &["burden", "formalism", "figures", "attitude", "privacy", "other"],
            ))
            .col(flag("anonymous"))
            .col(one_of("state", &["open", "answered"]))
            .col(text("words"))
            .col(text_null("answer"))
            .col(uuid_null("answered_by"))
            .col(at_null("answered_at"))
            .col(at("created_at"))
            .foreign_key(&mut refers("complaint", "person_id", "person"))
            .foreign_key(&mut refers("complaint", "org_id", "org"))
            .foreign_key(&mut refers("complaint", "above_org_id", "org"));
        let indexes = vec![
            index("complaint", &["above_org_id", "state", "id"]),
            index("complaint", &["person_id", "id"]),
        ];
        create(manager, vec![complaint], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["complaint"]).await
    }
}
