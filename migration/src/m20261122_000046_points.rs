//! 积分: rules per org as data, a ledger nobody edits, and points by hand that wait for a second person.

use sea_orm_migration::prelude::*;

use crate::{
    append_only,
    columns::{
        at, at_null, create, drop, id, index, int, int_null, one_of, refers, text, text_null, uuid,
        uuid_null,
    },
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const KINDS: &[&str] = &["base", "pioneer", "deduction"];
const TRIGGERS: &[&str] = &[
    "service_hour",
    "task_confirmed",
    "lead",
    "no_show",
    "story",
    "answer_five_stars",
    "manual",
    "reversal",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut rule = Table::create();
        rule.table("points_rule")
            .col(id())
            .col(uuid("org_id"))
            .col(one_of("kind", KINDS))
            .col(one_of("trigger", TRIGGERS))
            .col(int("amount").check(Expr::col("amount").gte(0)))
            .col(int_null("monthly_cap"))
            .col(text_null("from_on"))
            .col(text_null("until_on"))
            .col(uuid("set_by"))
            .col(at("set_at"))
            .col(at_null("replaced_at"))
            .foreign_key(&mut refers("points_rule", "org_id", "org"));
        let mut entry = Table::create();
        entry
            .table("points_entry")
            .col(id())
            .col(uuid("person_id"))
            .col(uuid("org_id"))
            .col(one_of("kind", KINDS))
            .col(one_of("trigger", TRIGGERS))
            .col(int("amount"))
            .col(uuid_null("rule_id"))
            .col(uuid("source_id"))
            .col(uuid_null("claim_id"))
            .col(uuid_null("task_id"))
            .col(text("occurred_on"))
            .col(append_only::month_of("occurred_on"))
            .col(at("created_at"))
            .foreign_key(&mut refers("points_entry", "person_id", "person"))
            .foreign_key(&mut refers("points_entry", "rule_id", "points_rule"));
        let mut proposal = Table::create();
        proposal
            .table("points_proposal")
            .col(id())
            .col(uuid("org_id"))
            .col(uuid("person_id"))
            .col(one_of("kind", KINDS))
            .col(int("amount").check(Expr::col("amount").gt(0)))
            .col(text("reason"))
            .col(one_of("state", &["pending", "approved", "refused"]))
            .col(uuid("proposed_by"))
            .col(at("created_at"))
            .col(uuid_null("decided_by"))
            .col(at_null("decided_at"))
            .col(text_null("answer"))
            .foreign_key(&mut refers("points_proposal", "org_id", "org"))
            .foreign_key(&mut refers("points_proposal", "person_id", "person"));
        let indexes = vec![
            // One rule at a time for the same occasion.
            index("points_rule", &["org_id", "kind", "trigger"])
                .unique()
                .and_where(Expr::col("replaced_at").is_null())
                .take(),
            // Nothing is counted twice, however often it is tried.
            index("points_entry", &["source_id", "trigger", "kind", "person_id"]).unique().take(),
            index("points_entry", &["person_id", "id"]),
            index("points_entry", &["person_id", "period"]),
            index("points_entry", &["claim_id"]),
            index("points_proposal", &["org_id", "state", "id"]),
        ];
        create(manager, vec![rule, entry, proposal], indexes).await?;
        append_only::protect(manager, "points_entry").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["points_proposal", "points_entry", "points_rule"]).await
    }
}
