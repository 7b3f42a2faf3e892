//! 授权: granting a role on an org, and taking it back. Other rooms decide who may; this one keeps the rules that
//! hold everywhere.

use ::entity::{
    credential, org,
    role_grant::{ActiveModel, Column, Entity, Model, Role},
};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait,
    QueryFilter,
};
use uuid::Uuid;

use crate::{
    audit::{self, Act, Deed},
    kernel::Error,
    platform::{
        AppState,
        db::{Step, is_duplicate},
        http::Problem,
    },
};

use super::{ROLES_CONFLICT, USERNAME_TAKEN, actors::BUSINESS, people, store};

#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    #[error("business and installation roles do not mix")]
    Mixed,
    #[error("the user name is taken")]
    UsernameTaken,
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<RoleError> for Problem {
    fn from(error: RoleError) -> Self {
        match error {
            RoleError::Mixed => ROLES_CONFLICT.into(),
            RoleError::UsernameTaken => USERNAME_TAKEN.into(),
            RoleError::Broken(error) => error.into(),
        }
    }
}

/// Which kinds do not go together with a role.
fn excluded(role: Role) -> Vec<Role> {
    match role {
        Role::Operator => [BUSINESS, &[Role::Auditor]].concat(),
        Role::Auditor => [BUSINESS, &[Role::Operator]].concat(),
        _ => vec![Role::Operator, Role::Auditor],
    }
}

/// Grants a role; a grant that exists is returned as it is. Audited, so it comes last in its transaction.
///
/// # Errors
/// `Mixed` where operator, auditor and business would meet in one account.
pub async fn grant(
    tx: &DatabaseTransaction,
    state: &AppState,
    by: Option<Uuid>,
    person_id: Uuid,
    org: &org::Model,
    role: Role,
) -> Result<Model, RoleError> {
    people::lock(tx, person_id).await?;
    if store::holds_any(tx, person_id, &excluded(role)).await? {
        return Err(RoleError::Mixed);
    }
    let same = Entity::find()
        .filter(Column::OrgId.eq(org.id))
        .filter(Column::PersonId.eq(person_id))
        .filter(Column::Role.eq(role))
        .filter(Column::RevokedAt.is_null())
        .one(tx)
        .await
        .step("look for the grant")?;
    if let Some(same) = same {
        return Ok(same);
    }
    let now = state.clock.now();
    let row = ActiveModel {
        id: Set(state.rng.id(now)),
        person_id: Set(person_id),
        org_id: Set(org.id),
        org_path: Set(org.path.clone()),
        role: Set(role),
        granted_by: Set(by),
        granted_at: Set(now),
        revoked_at: Set(None),
    };
    let grant = row.insert(tx).await.step("grant the role")?;
    audit::record(tx, state, deed(Act::RoleGranted, by, &grant)).await?;
    Ok(grant)
}

/// Takes a grant back. The row stays, with the time. Audited, so it comes last in its transaction.
pub async fn revoke(
    tx: &DatabaseTransaction,
    state: &AppState,
    by: Uuid,
    grant: Model,
) -> Result<(), Error> {
    let deed = deed(Act::RoleRevoked, Some(by), &grant);
    let mut row: ActiveModel = grant.into();
    row.revoked_at = Set(Some(state.clock.now()));
    row.update(tx).await.step("take the role back")?;
    audit::record(tx, state, deed).await
}

/// Takes back every role somebody holds who is gone. Audited, so it comes last in its transaction.
///
/// # Errors
/// When it cannot be stored.
pub async fn revoke_all(
    tx: &DatabaseTransaction,
    state: &AppState,
    person: Uuid,
) -> Result<(), Error> {
    let held =
        Entity::find().filter(Column::PersonId.eq(person)).filter(Column::RevokedAt.is_null());
    for grant in held.all(tx).await.step("read the roles held")? {
        revoke(tx, state, person, grant).await?;
    }
    Ok(())
}

/// What the chain says of a grant: by whom, to whom, where; the words name the role.
fn deed(act: Act, by: Option<Uuid>, grant: &Model) -> Deed {
    Deed {
        act,
        actor_id: by,
        org_id: Some(grant.org_id),
        subject_id: Some(grant.person_id),
        why: Some(grant.role.to_value()),
    }
}

/// Adds a person who signs in with a password. `phc` comes from `hash_password`.
///
/// # Errors
/// `UsernameTaken`.
pub async fn add_account(
    tx: &DatabaseTransaction,
    state: &AppState,
    username: &str,
    name: &str,
    phc: String,
) -> Result<Uuid, RoleError> {
    let new = people::NewPerson { name: Some(name.to_owned()), ..Default::default() };
    let person_id = people::add(tx, state, new).await?;
    let row = credential::ActiveModel {
        username: Set(username.trim().to_lowercase()),
        person_id: Set(person_id),
        password_hash: Set(phc),
        updated_at: Set(state.clock.now()),
    };
    match credential::Entity::insert(row).exec_without_returning(tx).await {
        Err(error) if is_duplicate(&error) => Err(RoleError::UsernameTaken),
        other => {
            other.step("add a credential")?;
            Ok(person_id)
        }
    }
}
