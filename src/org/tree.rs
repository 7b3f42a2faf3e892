//! The tree itself: looking at a node, adding one, renaming one.

use ::entity::org::{ActiveModel, Model, OrgKind};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use crate::{
    identity::{Scope, upward},
    kernel::Error,
    platform::{
        AppState, Tx,
        db::{Step, is_duplicate},
        http::{Problem, input::readable, problem::NOT_FOUND},
    },
};

use super::{CODE_TAKEN, model, store};

/// An org as anybody sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrgView {
    pub id: Uuid,
    /// null at a root.
    pub parent_id: Option<Uuid>,
    pub kind: OrgKind,
    /// 区划代码 (国家统计局); null where it is no administrative division.
    pub code: Option<String>,
    pub name: String,
}

/// An org in a list, with the way to it in words: two communities may be called the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedOrg {
    #[serde(flatten)]
    pub org: OrgView,
    /// What it lies in, from the top down, without the org itself; empty at a root.
    #[schema(example = json!(["遵义市", "红花岗区", "新中街道"]))]
    pub within: Vec<String>,
}

/// A single org, with the way to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrgDetail {
    #[serde(flatten)]
    pub org: OrgView,
    /// From the root down, without the org itself.
    pub ancestors: Vec<AncestorView>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AncestorView {
    pub id: Uuid,
    pub name: String,
    pub kind: OrgKind,
}

/// A node to add.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrg {
    pub parent_id: Uuid,
    pub kind: OrgKind,
    #[schema(min_length = 1, max_length = 50)]
    #[validate(length(min = 1, max = 50), custom(function = readable))]
    pub name: String,
    /// 区划代码, 2 to 12 digits; unique.
    #[schema(min_length = 2, max_length = 12)]
    #[validate(length(min = 2, max = 12), custom(function = digits))]
    pub code: Option<String>,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrgChange {
    #[schema(min_length = 1, max_length = 50)]
    #[validate(length(min = 1, max = 50), custom(function = readable))]
    pub name: String,
}

fn digits(code: &str) -> Result<(), ValidationError> {
    let good = code.bytes().all(|b| b.is_ascii_digit());
    if good { Ok(()) } else { Err(ValidationError::new("digits")) }
}

#[derive(Debug, thiserror::Error)]
pub enum OrgError {
    #[error("no such org, or out of reach")]
    NotFound,
    #[error("a {child:?} does not hang below a {parent:?}")]
    Misplaced { parent: OrgKind, child: OrgKind },
    #[error("the division code is taken")]
    CodeTaken,
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<OrgError> for Problem {
    fn from(error: OrgError) -> Self {
        match error {
            OrgError::NotFound => NOT_FOUND.into(),
            OrgError::Misplaced { parent, child } => Self::field(
                "kind",
                "value",
                format!("{}不能设在{}下面", model::spoken(child), model::spoken(parent)),
                format!("A {child:?} does not hang below a {parent:?}"),
            ),
            OrgError::CodeTaken => CODE_TAKEN.into(),
            OrgError::Broken(error) => error.into(),
        }
    }
}

impl From<Model> for OrgView {
    fn from(org: Model) -> Self {
        let Model { id, parent_id, kind, code, name, .. } = org;
        Self { id, parent_id, kind, code, name }
    }
}

/// Orgs with what they lie in; one query for all ways together. Public.
///
/// # Errors
/// When the ways cannot be read.
pub(super) async fn listed(
    db: &impl ConnectionTrait,
    orgs: Vec<Model>,
) -> Result<Vec<ListedOrg>, Error> {
    let ways: Vec<&str> = orgs.iter().flat_map(|org| upward(&org.path)).collect();
    let names = store::names_at(db, ways).await?;
    let within = |org: &Model| {
        let above = upward(&org.path).into_iter().filter(|path| *path != org.path);
        above.filter_map(|path| names.get(path).cloned()).collect()
    };
    let rows: Vec<_> = orgs.iter().map(within).collect();
    Ok(orgs
        .into_iter()
        .zip(rows)
        .map(|(org, within)| ListedOrg { org: org.into(), within })
        .collect())
}

/// One org with all above it. Public.
///
/// # Errors
/// `NotFound`.
pub(super) async fn detail(db: &impl ConnectionTrait, id: Uuid) -> Result<OrgDetail, OrgError> {
    let org = store::find(db, id).await?.ok_or(OrgError::NotFound)?;
    let above = store::ancestors(db, &org).await?;
    let ancestors = above
        .into_iter()
        .map(|org| AncestorView { id: org.id, name: org.name, kind: org.kind })
        .collect();
    Ok(OrgDetail { org: org.into(), ancestors })
}

/// Adds a node below one in reach, in the caller's transaction.
///
/// # Errors
/// `NotFound` for a parent out of reach, `Misplaced` where it cannot hang there, `CodeTaken`.
pub(super) async fn add(
    tx: &Tx,
    state: &AppState,
    scope: &Scope,
    new: NewOrg,
) -> Result<OrgView, OrgError> {
    let parent = store::within_reach(&**tx, scope, new.parent_id).await?;
    let parent = parent.ok_or(OrgError::NotFound)?;
    if !model::may_hold(parent.kind, new.kind) {
        return Err(OrgError::Misplaced { parent: parent.kind, child: new.kind });
    }
    let now = state.clock.now();
    let id = state.rng.id(now);
    let coded = new.code.is_some();
    let row = ActiveModel {
        id: Set(id),
        parent_id: Set(Some(parent.id)),
        kind: Set(new.kind),
        code: Set(new.code),
        name: Set(new.name.trim().to_owned()),
        path: Set(model::path_below(&parent.path, id)),
        created_at: Set(now),
    };
    match row.insert(&**tx).await {
        Err(error) if coded && is_duplicate(&error) => Err(OrgError::CodeTaken),
        other => Ok(other.step("add an org")?.into()),
    }
}

/// Renames an org in reach.
///
/// # Errors
/// `NotFound`.
pub(super) async fn rename(
    state: &AppState,
    scope: &Scope,
    id: Uuid,
    name: &str,
) -> Result<OrgView, OrgError> {
    let tx = state.db.write().await?;
    let org = store::within_reach(&*tx, scope, id).await?.ok_or(OrgError::NotFound)?;
    let mut row: ActiveModel = org.into();
    row.name = Set(name.trim().to_owned());
    let org = row.update(&*tx).await.step("rename an org")?;
    tx.commit().await?;
    Ok(org.into())
}
