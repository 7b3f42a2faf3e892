//! 政治生日: what each member wants of it, who was greeted in which year, wishes and templates of wishes, and who is
//! named in a notice to others.

use sea_orm_migration::prelude::*;

use crate::columns::{at, create, drop, flag, id, index, int, one_of, refers, text, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn choice() -> TableCreateStatement {
    Table::create()
        .table("birthday_choice")
        .col(uuid("person_id").primary_key())
        .col(flag("greet"))
        .col(flag("tell_branch"))
        .col(at("updated_at"))
        .foreign_key(&mut refers("birthday_choice", "person_id", "person"))
        .take()
}

/// Once a year and no more: the key says so. No time: it would tell the day.
fn greeting() -> TableCreateStatement {
    Table::create()
        .table("birthday_greeting")
        .col(uuid("person_id"))
        .col(int("year"))
        .primary_key(Index::create().col("person_id").col("year"))
        .foreign_key(&mut refers("birthday_greeting", "person_id", "person"))
        .take()
}

fn wish() -> TableCreateStatement {
    Table::create()
        .table("birthday_wish")
        .col(id())
        .col(uuid("person_id"))
        .col(int("year"))
        .col(uuid("org_id"))
        .col(uuid("author_id"))
        .col(flag("of_branch"))
        .col(text("words"))
        .col(at("written_at"))
        .foreign_key(&mut refers("birthday_wish", "person_id", "person"))
        .foreign_key(&mut refers("birthday_wish", "author_id", "person"))
        .foreign_key(&mut refers("birthday_wish", "org_id", "org"))
        .take()
}

fn template() -> TableCreateStatement {
    Table::create()
        .table("wish_template")
        .col(id())
        .col(uuid("org_id"))
        .col(one_of("fits", &["ordinary", "fifth", "tenth"]))
        .col(text("words"))
        .col(uuid("written_by"))
        .col(at("written_at"))
        .foreign_key(&mut refers("wish_template", "org_id", "org"))
        .take()
}

fn named() -> TableCreateStatement {
    Table::create()
        .table("birthday_named")
        .col(uuid("told_id"))
        .col(uuid("person_id"))
        .primary_key(Index::create().col("told_id").col("person_id"))
        .foreign_key(&mut refers("birthday_named", "person_id", "person"))
        .take()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let indexes = vec![
            // One wish of one author a year; the same again replaces it.
            index("birthday_wish", &["person_id", "year", "author_id"]).unique().take(),
            index("birthday_wish", &["author_id"]),
            index("wish_template", &["org_id", "id"]),
            index("birthday_named", &["person_id"]),
        ];
        create(manager, vec![choice(), greeting(), wish(), template(), named()], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "birthday_named",
            "wish_template",
            "birthday_wish",
            "birthday_greeting",
            "birthday_choice",
        ];
        drop(manager, &tables).await
    }
}
