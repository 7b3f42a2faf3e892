//! 授权: who works for an org, and as what. Known people are appointed; staff without a phone get an account.

use ::entity::{
    org,
    role_grant::{Model, Role},
};
use actix_web::web;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use crate::{
    identity::{
        Keeper, hash_password, people,
        roles::{self, RoleError},
    },
    kernel::Error,
    platform::{
        AppState, Tx,
        http::{
            Page, Problem,
            input::readable,
            problem::{FORBIDDEN, NOT_FOUND},
        },
    },
};

use super::{model, store};

/// An appointment: either `user_id` or `account`.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGrant {
    /// A person who is known.
    pub user_id: Option<Uuid>,
    /// A new account that signs in with a password.
    #[validate(nested)]
    pub account: Option<NewAccount>,
    pub role: Role,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// Without blanks; upper and lower case are the same.
    #[schema(min_length = 2, max_length = 64)]
    #[validate(length(min = 2, max = 64), custom(function = unbroken))]
    pub username: String,
    #[schema(min_length = 1, max_length = 30)]
    #[validate(length(min = 1, max = 30), custom(function = readable))]
    pub name: String,
    #[schema(min_length = 8, max_length = 200)]
    #[validate(length(min = 8, max = 200))]
    pub password: String,
}

fn unbroken(username: &str) -> Result<(), ValidationError> {
    let broken = username.chars().any(|c| c.is_whitespace() || c.is_control());
    if broken { Err(ValidationError::new("blank")) } else { Ok(()) }
}

/// An appointment as it is answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct GrantView {
    pub id: Uuid,
    pub org_id: Uuid,
    pub user_id: Uuid,
    pub role: Role,
}

/// One of the staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffView {
    #[serde(flatten)]
    pub grant: GrantView,
    pub name: String,
    pub granted_at: entity::At,
}

#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    #[error("no such org, person or grant, or out of reach")]
    NotFound,
    #[error("one of user_id and account, not both")]
    Whom,
    #[error("a leader does not give or take {0:?}")]
    NotYours(Role),
    #[error(transparent)]
    Role(#[from] RoleError),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<StaffError> for Problem {
    fn from(error: StaffError) -> Self {
        match error {
            StaffError::NotFound => NOT_FOUND.into(),
            StaffError::Whom => Self::field(
                "user_id",
                "required",
                "请填写 user_id 或 account 其中一项",
                "Give either user_id or account",
            ),
            StaffError::NotYours(_) => Self::from(FORBIDDEN).say(
                "领导只能授予或收回领导、书记和社区工作者的权限",
                "A leader gives and takes the roles leader, secretary and dispatcher only",
            ),
            StaffError::Role(error) => error.into(),
            StaffError::Broken(error) => error.into(),
        }
    }
}

impl From<Model> for GrantView {
    fn from(grant: Model) -> Self {
        let Model { id, org_id, person_id, role, .. } = grant;
        Self { id, org_id, user_id: person_id, role }
    }
}

/// Whom to appoint, with the password already turned into its hash.
pub(super) enum Whom {
    Known(Uuid),
    New { username: String, name: String, phc: String },
}

/// Reads off whom an appointment is about. Hashes off the async threads and outside any transaction.
///
/// # Errors
/// `Whom` where it names nobody or two.
pub(super) async fn whom(new: NewGrant) -> Result<(Whom, Role), StaffError> {
    let whom = match (new.user_id, new.account) {
        (Some(id), None) => Whom::Known(id),
        (None, Some(NewAccount { username, name, password })) => {
            let phc = web::block(move || hash_password(&password))
                .await
                .map_err(|error| Error::broken("hash a password", error))??;
            Whom::New { username, name: name.trim().to_owned(), phc }
        }
        _ => return Err(StaffError::Whom),
    };
    Ok((whom, new.role))
}

/// Appoints a person at an org in reach, in the caller's transaction. The same again answers the same grant.
///
/// # Errors
/// `NotFound` for the org or the person, `NotYours`, and the rules of `identity::roles`.
pub(super) async fn grant(
    tx: &Tx,
    state: &AppState,
    keeper: &Keeper,
    org_id: Uuid,
    (whom, role): (Whom, Role),
) -> Result<GrantView, StaffError> {
    let org = store::within_reach(&**tx, &keeper.scope(), org_id).await?;
    let org = org.ok_or(StaffError::NotFound)?;
    check(keeper, &org, role)?;
    let person = match whom {
        // A leader appoints people of their own subtree; of others they learn nothing.
        Whom::Known(id)
            if keeper.caller().holds(&[Role::Operator])
                || people::known_to(&**tx, &keeper.scope(), id).await? =>
        {
            if people::names(&**tx, [id]).await?.is_empty() {
                return Err(StaffError::NotFound);
            }
            id
        }
        Whom::Known(_) => return Err(StaffError::NotFound),
        Whom::New { username, name, phc } => {
            roles::add_account(tx, state, &username, &name, phc).await?
        }
    };
    Ok(roles::grant(tx, state, Some(keeper.id()), person, &org, role).await?.into())
}

/// Takes an appointment back; what it allowed ends with the next request.
///
/// # Errors
/// `NotFound` for an org out of reach or a grant that is not (or no longer) on it; `NotYours`.
pub(super) async fn revoke(
    state: &AppState,
    keeper: &Keeper,
    org_id: Uuid,
    id: Uuid,
) -> Result<(), StaffError> {
    let scope = keeper.scope();
    let tx = state.db.write().await?;
    let org = store::within_reach(&*tx, &scope, org_id).await?.ok_or(StaffError::NotFound)?;
    let grant = store::grant(&*tx, &scope, org_id, id).await?.ok_or(StaffError::NotFound)?;
    check(keeper, &org, grant.role)?;
    roles::revoke(&tx, state, keeper.id(), grant).await?;
    Ok(tx.commit().await?)
}

/// One page of an org's staff, newest appointment first.
///
/// # Errors
/// `NotFound`.
pub(super) async fn list(
    state: &AppState,
    keeper: &Keeper,
    org_id: Uuid,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Page<StaffView>, StaffError> {
    let (db, scope) = (state.db.read(), keeper.scope());
    store::within_reach(db, &scope, org_id).await?.ok_or(StaffError::NotFound)?;
    let rows = store::grants(db, &scope, org_id, after, limit).await?;
    let names = people::names(db, rows.iter().map(|row| row.person_id)).await?;
    Ok(Page::cut(rows, limit, |row| row.id).map(|row| StaffView {
        name: names.get(&row.person_id).cloned().unwrap_or_default(),
        granted_at: row.granted_at,
        grant: row.into(),
    }))
}

fn check(keeper: &Keeper, org: &org::Model, role: Role) -> Result<(), StaffError> {
    let held = keeper.caller().roles.iter().filter(|held| org.path.starts_with(&held.org_path));
    let held: Vec<_> = held.map(|held| held.role).collect();
    if model::may_appoint(&held, role) { Ok(()) } else { Err(StaffError::NotYours(role)) }
}
