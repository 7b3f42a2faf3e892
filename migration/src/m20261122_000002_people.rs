//! Accounts, how they sign in, what they may do and where they belong.

use sea_orm_migration::prelude::*;

use crate::columns::{
    at, at_null, big, create, drop, flag, id, index, int, one_of, path, refers, text, text_null,
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
        let backend = manager.get_database_backend();
        let mut person = Table::create();
        person
            .table("person")
            .col(id())
            .col(text("name"))
            .col(text_null("real_name"))
            .col(text_null("phone"))
            .col(text_null("phone_index"))
            .col(flag("volunteer"))
            .col(at("created_at"))
            .col(at("updated_at"));
        let mut wechat_identity = Table::create();
        wechat_identity
            .table("wechat_identity")
            .col(text("app_id"))
            .col(text("openid"))
            .col(uuid("person_id"))
            .col(at("created_at"))
            .foreign_key(&mut refers("wechat_identity", "person_id", "person"))
            .primary_key(Index::create().col("app_id").col("openid"));
        let mut credential = Table::create();
        credential
            .table("credential")
            .col(text("username").primary_key())
            .col(uuid("person_id"))
            .col(text("password_hash"))
            .col(at("updated_at"))
            .foreign_key(&mut refers("credential", "person_id", "person"));
        let mut sign_in_try = Table::create();
        sign_in_try
            .table("sign_in_try")
            .col(text("name_index").primary_key())
            .col(int("failures"))
            .col(at_null("locked_until"))
            .col(at("updated_at"));
        let mut session = Table::create();
        session
            .table("session")
            .col(id())
            .col(uuid("person_id"))
            .col(big("generation"))
            .col(text("token_hash"))
            .col(text_null("previous_hash"))
            .col(big("life_ms"))
            .col(at("expires_at"))
            .col(at_null("revoked_at"))
            .col(at("created_at"))
            .foreign_key(&mut refers("session", "person_id", "person"));
        let mut role_grant = Table::create();
        role_grant
            .table("role_grant")
            .col(id())
            .col(uuid("person_id"))
            .col(uuid("org_id"))
            .col(path("org_path", backend))
            .col(one_of("role", &["operator", "auditor", "leader", "secretary", "dispatcher"]))
            .col(uuid_null("granted_by"))
            .col(at("granted_at"))
            .col(at_null("revoked_at"))
            .foreign_key(&mut refers("role_grant", "person_id", "person"))
            .foreign_key(&mut refers("role_grant", "org_id", "org"));
        let mut membership = Table::create();
        membership
            .table("membership")
            .col(id())
            .col(uuid("person_id"))
            .col(uuid("org_id"))
            .col(one_of("kind", &["home_branch", "residence"]))
            .col(one_of("state", &["pending", "confirmed", "refused", "ended"]))
            .col(text_null("reason"))
            .col(uuid_null("decided_by"))
            .col(at("created_at"))
            .col(at("updated_at"))
            .foreign_key(&mut refers("membership", "person_id", "person"))
            .foreign_key(&mut refers("membership", "org_id", "org"));
        let mut person_skill = Table::create();
        person_skill
            .table("person_skill")
            .col(uuid("person_id"))
            .col(text("skill"))
            .col(uuid("recorded_by"))
            .col(at("recorded_at"))
            .foreign_key(&mut refers("person_skill", "person_id", "person"))
            .primary_key(Index::create().col("person_id").col("skill"));
        let indexes = vec![
            index("person", &["phone_index"]).unique().take(),
            index("wechat_identity", &["person_id"]),
            index("credential", &["person_id"]).unique().take(),
            index("sign_in_try", &["updated_at"]),
            index("session", &["person_id"]),
            index("session", &["expires_at"]),
            index("role_grant", &["person_id"]),
            index("role_grant", &["org_id", "person_id", "role"])
                .unique()
                .and_where(Expr::col("revoked_at").is_null())
                .take(),
            index("membership", &["org_id", "state"]),
            // One place of each kind at a time.
            index("membership", &["person_id", "kind"])
                .unique()
                .and_where(Expr::col("state").is_in(["pending", "confirmed"]))
                .take(),
        ];
        create(
            manager,
            vec![
                person,
                wechat_identity,
                credential,
                sign_in_try,
                session,
                role_grant,
                membership,
                person_skill,
            ],
            indexes,
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(
            manager,
            &[
                "person_skill",
                "membership",
                "role_grant",
                "session",
                "sign_in_try",
                "credential",
                "wechat_identity",
                "person",
            ],
        )
        .await
    }
}
