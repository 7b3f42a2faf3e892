//! 主题党日: who said they come, and who came.

use sea_orm_migration::prelude::*;

use crate::columns::{at, at_null, create, drop, id, index, refers, text_null, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut person = Table::create();
        person
            .table("theme_day_person")
            .col(id())
            .col(uuid("theme_day_id"))
            .col(uuid("person_id"))
            .col(maybe("answer", &["yes", "no", "leave"]))
            .col(text_null("reason"))
            .col(at_null("answered_at"))
            .col(at_null("came_at"))
            .col(maybe("came_by", &["code", "staff"]))
            .col(uuid_null("noted_by"))
            .col(at("created_at"))
            .foreign_key(&mut refers("theme_day_person", "theme_day_id", "theme_day"))
            .foreign_key(&mut refers("theme_day_person", "person_id", "person"));
        let indexes = vec![
            index("theme_day_person", &["theme_day_id", "person_id"]).unique().take(),
            index("theme_day_person", &["person_id"]),
        ];
        create(manager, vec![person], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["theme_day_person"]).await
    }
}

/// One of a closed list, or nothing yet.
fn maybe(name: &'static str, values: &'static [&'static str]) -> ColumnDef {
    text_null(name).check(Expr::col(name).is_in(values.iter().copied())).take()
}
