//! One file per change of the schema, up and down; its head says why it exists.
//!
//! The next change: copy the shape of the newest file, name it `m<date>_<number>_<what>.rs`, list it below.
//! Expand first, contract in a later release: the previous binary must run on the new schema.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{DatabaseConnection, EntityTrait},
    seaql_migrations,
};

pub use sea_orm_migration::MigratorTrait;

mod append_only;
mod columns;
mod m20261122_000001_orgs;
mod m20261122_000002_people;
mod m20261122_000003_requests;
mod m20261122_000004_tasks;
mod m20261122_000005_claims;
mod m20261122_000006_events;
mod m20261122_000007_stories;
mod m20261122_000008_audit;
mod m20261122_000010_categories;
mod m20261122_000011_holidays;
mod m20261122_000012_request_care;
mod m20261122_000013_beneficiaries;
mod m20261122_000014_deputies;
mod m20261122_000015_audiences;
mod m20261122_000016_series;
mod m20261122_000017_loans;
mod m20261122_000020_waitlist;
mod m20261122_000021_claim_promises;
mod m20261122_000025_presence;
mod m20261122_000026_absences;
mod m20261122_000030_files;
mod m20261122_000031_story_residents;
mod m20261122_000032_story_people;
mod m20261122_000035_roster_imports;
mod m20261122_000036_party_records;
mod m20261122_000037_classes_and_skills;
mod m20261122_000038_locked_settings;
mod m20261122_000039_complaints;
mod m20261122_000040_consents;
mod m20261122_000041_leaving;
mod m20261122_000045_hours_corrections;
mod m20261122_000046_points;
mod m20261122_000047_certificates_and_rankings;
mod m20261122_000050_notices;
mod m20261123_000051_grants;
mod m20261123_000052_pushes;
mod m20261123_000053_message_templates;
mod m20261123_000056_content_checks;
mod m20261123_000057_media_checks;
mod m20261123_000058_more_words;
mod m20261123_000059_wechat_pushes;
mod m20261123_000060_schedule;
mod m20261123_000061_due_dates;
mod m20261123_000065_theme_days;
mod m20261123_000066_theme_day_people;
mod m20261123_000067_calendar_feeds;
mod m20261123_000068_members_in_order;
mod m20261123_000070_anniversaries;
mod m20261123_000071_birthdays;
mod m20261123_000080_task_category;
mod m20261123_000081_points_freeze;
mod m20261123_000082_stars;
mod m20261123_000090_tellings;
mod m20261123_000091_grants_one_by_one;
mod m20261123_000092_accounts_of_people;
mod m20261123_000093_found_by_all_asked;
mod m20261123_000094_members_by_person;
mod m20261124_000095_months_of_orgs;
mod m20261124_000096_widening;
mod m20261124_000097_waves;
mod m20261124_000098_kept_seats;
mod m20261124_000099_draws;

/// Every change in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_orgs::Migration),
            Box::new(m20261122_000002_people::Migration),
            Box::new(m20261122_000003_requests::Migration),
            Box::new(m20261122_000004_tasks::Migration),
            Box::new(m20261122_000005_claims::Migration),
            Box::new(m20261122_000006_events::Migration),
            Box::new(m20261122_000007_stories::Migration),
            Box::new(m20261122_000008_audit::Migration),
            Box::new(m20261122_000010_categories::Migration),
            Box::new(m20261122_000011_holidays::Migration),
            Box::new(m20261122_000012_request_care::Migration),
            Box::new(m20261122_000013_beneficiaries::Migration),
            Box::new(m20261122_000014_deputies::Migration),
            Box::new(m20261122_000015_audiences::Migration),
            Box::new(m20261122_000016_series::Migration),
            Box::new(m20261122_000017_loans::Migration),
            Box::new(m20261122_000020_waitlist::Migration),
            Box::new(m20261122_000021_claim_promises::Migration),
            Box::new(m20261122_000025_presence::Migration),
            Box::new(m20261122_000026_absences::Migration),
            Box::new(m20261122_000030_files::Migration),
            Box::new(m20261122_000031_story_residents::Migration),
            Box::new(m20261122_000032_story_people::Migration),
            Box::new(m20261122_000035_roster_imports::Migration),
            Box::new(m20261122_000036_party_records::Migration),
            Box::new(m20261122_000037_classes_and_skills::Migration),
            Box::new(m20261122_000038_locked_settings::Migration),
            Box::new(m20261122_000039_complaints::Migration),
            Box::new(m20261122_000040_consents::Migration),
            Box::new(m20261122_000041_leaving::Migration),
            Box::new(m20261122_000045_hours_corrections::Migration),
            Box::new(m20261122_000046_points::Migration),
            Box::new(m20261122_000047_certificates_and_rankings::Migration),
            Box::new(m20261122_000050_notices::Migration),
            Box::new(m20261123_000051_grants::Migration),
            Box::new(m20261123_000052_pushes::Migration),
            Box::new(m20261123_000053_message_templates::Migration),
            Box::new(m20261123_000056_content_checks::Migration),
            Box::new(m20261123_000057_media_checks::Migration),
            Box::new(m20261123_000058_more_words::Migration),
            Box::new(m20261123_000059_wechat_pushes::Migration),
            Box::new(m20261123_000060_schedule::Migration),
            Box::new(m20261123_000061_due_dates::Migration),
            Box::new(m20261123_000065_theme_days::Migration),
            Box::new(m20261123_000066_theme_day_people::Migration),
            Box::new(m20261123_000067_calendar_feeds::Migration),
            Box::new(m20261123_000068_members_in_order::Migration),
            Box::new(m20261123_000070_anniversaries::Migration),
            Box::new(m20261123_000071_birthdays::Migration),
            Box::new(m20261123_000080_task_category::Migration),
            Box::new(m20261123_000081_points_freeze::Migration),
            Box::new(m20261123_000082_stars::Migration),
            Box::new(m20261123_000091_grants_one_by_one::Migration),
            Box::new(m20261123_000090_tellings::Migration),
            Box::new(m20261123_000092_accounts_of_people::Migration),
            Box::new(m20261123_000093_found_by_all_asked::Migration),
            Box::new(m20261123_000094_members_by_person::Migration),
            Box::new(m20261124_000095_months_of_orgs::Migration),
            Box::new(m20261124_000096_widening::Migration),
            Box::new(m20261124_000097_waves::Migration),
            Box::new(m20261124_000098_kept_seats::Migration),
            Box::new(m20261124_000099_draws::Migration),
        ]
    }
}

impl Migrator {
    /// The changes this program knows and the database does not have yet, in order. Writes nothing.
    /// Changes that only the database knows are a newer program's: this one runs on the newer schema.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn pending(db: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
        let applied: Vec<String> = if SchemaManager::new(db).has_table("seaql_migrations").await? {
            let rows = seaql_migrations::Entity::find().all(db).await?;
            rows.into_iter().map(|row| row.version).collect()
        } else {
            Vec::new()
        };
        let known = Self::migrations().into_iter().map(|change| change.name().to_owned());
        Ok(known.filter(|name| !applied.contains(name)).collect())
    }
}
