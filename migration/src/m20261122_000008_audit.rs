//! 审计: an append-only chain of who did what. Rows are never changed or taken away, by nobody.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::columns::{at, big, create, drop, index, text, text_null, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

const SQLITE: &[&str] = &[
    "CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry \
     BEGIN SELECT RAISE(ABORT, 'audit entries stay as they are'); END",
    "CREATE TRIGGER audit_entry_remains BEFORE DELETE ON audit_entry \
     BEGIN SELECT RAISE(ABORT, 'audit entries stay as they are'); END",
];

const POSTGRES: &[&str] = &[
    "CREATE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN RAISE EXCEPTION 'audit entries stay as they are'; END $$",
    "CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry \
     FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_stays()",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut entry = Table::create();
        entry
            .table("audit_entry")
            .col(big("seq").primary_key())
            .col(at("at"))
            .col(uuid_null("actor_id"))
            .col(text("action"))
            .col(uuid_null("org_id"))
            .col(uuid_null("subject_id"))
            .col(text_null("why_digest"))
            .col(text("prev"))
            .col(text("hash"));
        let mut words = Table::create();
        words.table("audit_words").col(big("seq").primary_key()).col(uuid("id")).col(text("why"));
        let mut head = Table::create();
        head.table("audit_head")
            .col(ColumnDef::new("id").integer().not_null().primary_key())
            .col(big("seq"))
            .col(text("hash"));
        let indexes = vec![
            index("audit_entry", &["org_id", "seq"]),
            index("audit_entry", &["subject_id", "seq"]),
            index("audit_entry", &["actor_id", "seq"]),
        ];
        create(manager, vec![entry, words, head], indexes).await?;
        let db = manager.get_connection();
        db.execute_unprepared("INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '')").await?;
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        for guard in if postgres { POSTGRES } else { SQLITE } {
            db.execute_unprepared(guard).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["audit_entry", "audit_words", "audit_head"]).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager
                .get_connection()
                .execute_unprepared("DROP FUNCTION audit_entry_stays()")
                .await?;
        }
        Ok(())
    }
}
