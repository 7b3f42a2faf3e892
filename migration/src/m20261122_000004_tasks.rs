//! 派单: work with seats. The CHECK is the last guard against one seat too many.

use sea_orm_migration::prelude::*;

use crate::columns::{
    at, at_null, big, create, degrees, drop, flag, id, index, int, int_null, one_of, refers, text,
    text_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut task = Table::create();
        task.table("task")
            .col(id())
            .col(uuid("org_id"))
            .col(uuid_null("request_id"))
            .col(text("title"))
            .col(text_null("notes"))
            .col(text_null("place_name"))
            .col(text_null("address"))
            .col(degrees("lat"))
            .col(degrees("lng"))
            .col(int("slots").check(Expr::col("slots").gte(1)))
            .col(int("used"))
            .col(int("held"))
            .col(big("ver"))
            .col(big("rev"))
            .col(one_of("state", &["draft", "open", "reported", "confirmed", "cancelled"]))
            .col(at("starts_at"))
            .col(at("ends_at"))
            .col(at("opens_at"))
            .col(at("claim_until"))
            .col(at("leave_until"))
            .col(uuid_null("lead_id"))
            .col(int_null("min_turnout"))
            .col(int("points"))
            .col(ColumnDef::new("skills").json_binary().not_null())
            .col(uuid("ring_org_id"))
            .col(flag("volunteers"))
            .col(text("check_in_code"))
            .col(text_null("report"))
            .col(uuid_null("reported_by"))
            .col(at_null("reported_at"))
            .col(at_null("confirmed_at"))
            .col(text_null("reason"))
            .col(uuid("created_by"))
            .col(at("created_at"))
            .col(at("updated_at"))
            .foreign_key(&mut refers("task", "org_id", "org"))
            .foreign_key(&mut refers("task", "request_id", "request"))
            .foreign_key(&mut refers("task", "ring_org_id", "org"))
            .check(
                Expr::col("used")
                    .gte(0)
                    .and(Expr::col("held").gte(0))
                    .and(Expr::col("used").add(Expr::col("held")).lte(Expr::col("slots"))),
            )
            .check(Expr::col("starts_at").lt(Expr::col("ends_at")));
        let indexes = vec![
            index("task", &["ring_org_id", "state", "claim_until"]),
            index("task", &["org_id", "state", "id"]),
            index("task", &["request_id", "id"]),
            index("task", &["updated_at"]),
            index("task", &["lead_id", "id"]),
        ];
        create(manager, vec![task], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["task"]).await
    }
}
