//! Who is on duty for an org: the holders of a role there, or else at the nearest org above.

use ::entity::role_grant::{Column, Entity, Role};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{kernel::Error, platform::db::Step};

use super::upward;

/// The people who hold one of the roles nearest to the org of that path.
///
/// # Errors
/// When the database cannot be read.
pub async fn on_duty(
    db: &impl ConnectionTrait,
    path: &str,
    roles: &[Role],
) -> Result<Vec<Uuid>, Error> {
    let held: Vec<(String, Uuid)> = Entity::find()
        .select_only()
        .columns([Column::OrgPath, Column::PersonId])
        .filter(Column::OrgPath.is_in(upward(path)))
        .filter(Column::Role.is_in(roles.iter().copied()))
        .filter(Column::RevokedAt.is_null())
        .into_tuple()
        .all(db)
        .await
        .step("look who is on duty")?;
    let nearest = held.iter().map(|(path, _)| path.len()).max().unwrap_or_default();
    let mut people: Vec<_> =
        held.into_iter().filter(|(path, _)| path.len() == nearest).map(|(_, id)| id).collect();
    people.sort_unstable();
    people.dedup();
    Ok(people)
}

/// The operators of the installation, and the org each was made one for.
///
/// # Errors
/// When the database cannot be read.
pub async fn operators(db: &impl ConnectionTrait) -> Result<Vec<(Uuid, Uuid)>, Error> {
    Entity::find()
        .select_only()
        .columns([Column::PersonId, Column::OrgId])
        .filter(Column::Role.eq(Role::Operator))
        .filter(Column::RevokedAt.is_null())
        .into_tuple()
        .all(db)
        .await
        .step("look for the operators")
}
