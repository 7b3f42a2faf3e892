//! 主题党日: an org's rule for its monthly day, and the days themselves. What an org writes about its plans and its
//! records is sealed as one.

use sea_orm_migration::prelude::*;

use crate::columns::{
    at, at_null, create, drop, flag, id, index, int, int_null, one_of, refers, text, text_null,
    uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut rule = Table::create();
        rule.table("theme_day_rule")
            .col(uuid("org_id").primary_key().take())
            .col(one_of("kind", &["date", "weekday"]))
            .col(int_null("day"))
            .col(int_null("week"))
            .col(int_null("weekday"))
            .col(flag("to_working_day"))
            .col(int("starts_minute"))
            .col(int("minutes"))
            .col(int("early_minute"))
            .col(int("eve_minute"))
            .col(int("day_minute"))
            .col(flag("paused"))
            .col(ColumnDef::new("chosen").json_binary().not_null().take())
            .col(text("outline"))
            .col(text_null("paused_reason"))
            .col(uuid("set_by"))
            .col(at("set_at"))
            .foreign_key(&mut refers("theme_day_rule", "org_id", "org"));
        let mut day = Table::create();
        day.table("theme_day")
            .col(id())
            .col(uuid("org_id"))
            .col(text("month"))
            .col(at("starts_at"))
            .col(at("ends_at"))
            .col(one_of("state", &["planned", "recorded", "returned", "approved", "cancelled"]))
            .col(text("outline"))
            .col(text("check_in_code"))
            .col(text_null("reason"))
            .col(text_null("record"))
            .col(int_null("expected"))
            .col(int_null("came"))
            .col(int("rev"))
            .col(uuid("planned_by"))
            .col(uuid_null("recorded_by"))
            .col(at_null("recorded_at"))
            .col(at_null("first_recorded_at"))
            .col(uuid_null("reviewed_by"))
            .col(at_null("reviewed_at"))
            .col(at("created_at"))
            .col(at("updated_at"))
            .foreign_key(&mut refers("theme_day", "org_id", "org"));
        let mut one_a_month = index("theme_day", &["org_id", "month"]);
        one_a_month.unique().and_where(Expr::col("state").ne("cancelled"));
        let indexes = vec![
            one_a_month,
            index("theme_day", &["org_id", "id"]),
            index("theme_day", &["state", "starts_at"]),
            index("theme_day", &["month", "org_id"]),
        ];
        create(manager, vec![rule, day], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["theme_day", "theme_day_rule"]).await
    }
}
