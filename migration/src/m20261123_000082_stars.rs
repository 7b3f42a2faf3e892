//! 星级评定: stars of half a year from closed months, and appeals that a second person decides.

use sea_orm_migration::prelude::*;

use crate::{
    append_only,
    columns::{
        at, at_null, big, create, drop, id, index, int, int_null, one_of, refers, text, text_null,
        uuid, uuid_null,
    },
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut rating = Table::create();
        rating
            .table("star_rating")
            .col(id())
            .col(uuid("org_id"))
            .col(uuid("person_id"))
            .col(text("period"))
            .col(big("points"))
            .col(int("stars").check(Expr::col("stars").between(0, 5)))
            .col(at("rated_at"))
            .foreign_key(&mut refers("star_rating", "org_id", "org"))
            .foreign_key(&mut refers("star_rating", "person_id", "person"));
        let mut appeal = Table::create();
        appeal
            .table("star_appeal")
            .col(id())
            .col(uuid("rating_id"))
            .col(uuid("org_id"))
            .col(uuid("person_id"))
            .col(text("reason"))
            .col(one_of("state", &["pending", "approved", "refused"]))
            .col(at("created_at"))
            .col(uuid_null("decided_by"))
            .col(at_null("decided_at"))
            .col(text_null("answer"))
            .col(int_null("stars"))
            .foreign_key(&mut refers("star_appeal", "rating_id", "star_rating"))
            .foreign_key(&mut refers("star_appeal", "person_id", "person"));
        let indexes = vec![
            index("star_rating", &["org_id", "period", "person_id"]).unique().take(),
            index("star_rating", &["person_id", "id"]),
            // One appeal for one rating.
            index("star_appeal", &["rating_id"]).unique().take(),
            index("star_appeal", &["person_id"]),
        ];
        create(manager, vec![rating, appeal], indexes).await?;
        append_only::protect(manager, "star_rating").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["star_appeal", "star_rating"]).await
    }
}
