//! 定时任务: which jobs the house knows since when, and each time one of them was due. The primary key of a run is what
//! makes a notice go out once, whoever rings.

use sea_orm_migration::prelude::*;

use crate::columns::{
    at, at_null, big, create, drop, index, int, one_of, text, text_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut schedule = Table::create();
        schedule
            .table("schedule")
            .col(text("job_key").primary_key())
            .col(text("spec"))
            .col(text("words"))
            .col(text("tz"))
            .col(at("known_since"))
            .col(big("catch_up_s"))
            .col(one_of("late_policy", &["skip"]))
            .col(at("looked_until"));
        let mut run = Table::create();
        run.table("schedule_run")
            .col(text("job_key"))
            .col(text("period_key"))
            .col(uuid("id"))
            .col(at("due_at"))
            .col(one_of("state", &["waiting", "running", "done", "skipped", "failed"]))
            .col(int("fence"))
            .col(at("lease_until"))
            .col(int("tries"))
            .col(text_null("cursor"))
            .col(ColumnDef::new("counts").json_binary().not_null())
            .col(text_null("skipped_reason"))
            .col(uuid_null("org_id"))
            .col(uuid_null("subject_id"))
            .col(at_null("started_at"))
            .col(at_null("ended_at"))
            .primary_key(Index::create().col("job_key").col("period_key"));
        let mut open = index("schedule_run", &["lease_until"]);
        open.and_where(Expr::col("ended_at").is_null());
        let indexes = vec![
            open,
            index("schedule_run", &["id"]).unique().take(),
            index("schedule_run", &["org_id", "id"]),
            index("schedule_run", &["job_key", "id"]),
        ];
        create(manager, vec![schedule, run], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["schedule_run", "schedule"]).await
    }
}
