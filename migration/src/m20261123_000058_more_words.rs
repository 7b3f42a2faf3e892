//! 寄语和上报也要核对: the list of what words may belong to grows. SQLite cannot change a CHECK, so the table is made
//! anew and takes over the rows; nothing refers to it.

use sea_orm_migration::prelude::*;

use crate::columns::{
    at, at_null, id, index, int_null, one_of, refers, text, text_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const BEFORE: &[&str] = &["request", "answer", "story"];
const NOW: &[&str] = &["request", "answer", "story", "wish", "report"];
const ANEW: &str = "content_check_anew";
const COLUMNS: &str = "id, kind, subject_id, org_id, author_id, version, state, suggest, label, trace_id, words, \
    created_at, decided_by, decided_at, reason";

fn table(kinds: &'static [&'static str]) -> TableCreateStatement {
    Table::create()
        .table(ANEW)
        .col(id())
        .col(one_of("kind", kinds))
        .col(uuid("subject_id"))
        .col(uuid("org_id"))
        .col(uuid("author_id"))
        .col(text("version"))
        .col(one_of("state", &["passed", "pending", "refused", "replaced"]))
        .col(text_null("suggest"))
        .col(int_null("label"))
        .col(text_null("trace_id"))
        .col(text_null("words"))
        .col(at("created_at"))
        .col(uuid_null("decided_by"))
        .col(at_null("decided_at"))
        .col(text_null("reason"))
        .foreign_key(&mut refers(ANEW, "org_id", "org"))
        .foreign_key(&mut refers(ANEW, "author_id", "person"))
        .take()
}

async fn rebuild(manager: &SchemaManager<'_>, kinds: &'static [&'static str]) -> Result<(), DbErr> {
    manager.create_table(table(kinds)).await?;
    let listed = kinds.iter().map(|kind| format!("'{kind}'")).collect::<Vec<_>>().join(", ");
    let copy = format!(
        "INSERT INTO {ANEW} ({COLUMNS}) SELECT {COLUMNS} FROM content_check WHERE kind IN ({listed})"
    );
    manager.get_connection().execute_unprepared(&copy).await?;
    manager.drop_table(Table::drop().table("content_check").to_owned()).await?;
    manager.rename_table(Table::rename().table(ANEW, "content_check").to_owned()).await?;
    for index in [
        index("content_check", &["subject_id", "state"]),
        index("content_check", &["org_id", "state", "id"]),
        index("content_check", &["author_id"]),
        index("content_check", &["trace_id"]).unique().take(),
    ] {
        manager.create_index(index).await?;
    }
    Ok(())
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rebuild(manager, NOW).await?;
        manager.create_index(index("content_check", &["state", "created_at"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        rebuild(manager, BEFORE).await
    }
}
