//! Storing a plan, in portions, in the caller's transaction.

use ::entity::{membership, party_record, person, person_skill};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, sea_query::OnConflict};

use crate::{kernel::Error, org::party::replacing, platform::db::Step};

use super::{plan::Writing, store::PORTION};

/// Stores all of it.
///
/// # Errors
/// When any of it cannot be; a unique index says so where somebody else was quicker. The transaction must then be
/// dropped.
pub(super) async fn write(tx: &DatabaseTransaction, writing: Writing) -> Result<(), Error> {
    let Writing { people, known, places, placed, records, skills, .. } = writing;
    for rows in people.chunks(PORTION) {
        let stored = person::Entity::insert_many(rows.to_vec()).exec_without_returning(tx).await;
        stored.step("add people")?;
    }
    for row in known {
        row.update(tx).await.step("complete a person")?;
    }
    for rows in places.chunks(PORTION) {
        let stored =
            membership::Entity::insert_many(rows.to_vec()).exec_without_returning(tx).await;
        stored.step("add memberships")?;
    }
    for row in placed {
        row.update(tx).await.step("change a membership")?;
    }
    for rows in records.chunks(PORTION) {
        let stored = party_record::Entity::insert_many(rows.to_vec()).on_conflict(replacing());
        stored.exec_without_returning(tx).await.step("keep party records")?;
    }
    let once = OnConflict::new().do_nothing().to_owned();
    for rows in skills.chunks(PORTION) {
        let stored = person_skill::Entity::insert_many(rows.to_vec()).on_conflict(once.clone());
        stored.exec_without_returning(tx).await.step("record skills")?;
    }
    Ok(())
}
