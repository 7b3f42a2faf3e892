//! 寄语模板: words ready to be taken, by the kind of year. Every org has the house's own; a branch may add some, which
//! hold for all below it too.

use ::entity::{
    At,
    wish_template::{ActiveModel, Entity, Milestone, Model},
};
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    audit::{self, Act, Deed},
    identity::PartyKeeper,
    kernel::Error,
    org,
    platform::{
        AppState, Tx,
        db::Step,
        http::{Problem, input::readable, problem::NOT_FOUND},
    },
};

use super::store;

const WORDS: &str = "wish_template.words";
/// An org keeps no more of its own.
const MOST: usize = 50;

/// The house's own words.
pub(super) const DEFAULTS: &[(Milestone, &str)] = &[
    (
        Milestone::Ordinary,
        "又走过一年。谢谢您一直记得当初的承诺，也一直在做。祝您身体健康，一切顺心。",
    ),
    (Milestone::Ordinary, "今天是您的日子。愿您初心如故、脚步从容，支部的同志们与您同行。"),
    (Milestone::Fifth, "五年是一个台阶。回头看，每一步都算数；往前走，支部和您一起。"),
    (Milestone::Tenth, "整整十年、又一个十年，您把平常的日子过成了榜样。谢谢您，向您致敬。"),
];

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WishTemplateForm {
    /// Which years it fits.
    pub fits: Milestone,
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    pub words: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WishTemplate {
    /// null: the house's own.
    pub id: Option<Uuid>,
    /// Whose it is; null: the house's own.
    pub org_id: Option<Uuid>,
    pub fits: Milestone,
    pub words: String,
    pub written_at: Option<At>,
}

#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    #[error("no such org or template, or out of reach")]
    NotFound,
    #[error("the org has as many as it may")]
    Full,
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<TemplateError> for Problem {
    fn from(error: TemplateError) -> Self {
        match error {
            TemplateError::NotFound => NOT_FOUND.into(),
            TemplateError::Full => Self::field(
                "words",
                "count",
                "一个组织最多 50 条寄语模板，请先删掉不用的",
                "An org keeps at most 50 templates",
            ),
            TemplateError::Broken(error) => error.into(),
        }
    }
}

/// The house's own, then those of the orgs above, then the org's.
///
/// # Errors
/// `NotFound` out of reach.
pub(super) async fn list(
    state: &AppState,
    keeper: &PartyKeeper,
    org_id: Uuid,
) -> Result<Vec<WishTemplate>, TemplateError> {
    let db = state.db.read();
    let org = org::find(db, org_id).await?.filter(|org| keeper.scope().covers(&org.path));
    let org = org.ok_or(TemplateError::NotFound)?;
    let own = store::templates(db, &org.path).await?.into_iter().map(|row| view(state, row));
    let house = DEFAULTS.iter().map(|(fits, words)| {
        Ok(WishTemplate {
            id: None,
            org_id: None,
            fits: *fits,
            words: (*words).to_owned(),
            written_at: None,
        })
    });
    house.chain(own).collect()
}

fn view(state: &AppState, row: Model) -> Result<WishTemplate, TemplateError> {
    Ok(WishTemplate {
        words: state.crypto.open(WORDS, row.id, &row.words)?,
        id: Some(row.id),
        org_id: Some(row.org_id),
        fits: row.fits,
        written_at: Some(row.written_at),
    })
}

/// Adds one, in the caller's transaction.
///
/// # Errors
/// `NotFound` out of reach; `Full`.
pub(super) async fn add(
    tx: &Tx,
    state: &AppState,
    keeper: &PartyKeeper,
    org_id: Uuid,
    form: WishTemplateForm,
) -> Result<WishTemplate, TemplateError> {
    let org = org::find(&**tx, org_id).await?.filter(|org| keeper.scope().covers(&org.path));
    let org = org.ok_or(TemplateError::NotFound)?;
    let there = store::templates(&**tx, &org.path).await?;
    if there.iter().filter(|row| row.org_id == org_id).count() >= MOST {
        return Err(TemplateError::Full);
    }
    let now = state.clock.now();
    let id = state.rng.id(now);
    let row = Model {
        id,
        org_id,
        fits: form.fits,
        words: state.crypto.seal(WORDS, id, form.words.trim()),
        written_by: keeper.id(),
        written_at: now,
    };
    let stored = Entity::insert(ActiveModel::from(row.clone())).exec_without_returning(&**tx).await;
    stored.step("keep a template of wishes")?;
    audit::record(tx, state, deed(Act::WishTemplateAdded, keeper, &row)).await?;
    view(state, row)
}

/// Removes one; wishes written with it stay.
///
/// # Errors
/// `NotFound` out of reach.
pub(super) async fn remove(
    state: &AppState,
    keeper: &PartyKeeper,
    id: Uuid,
) -> Result<(), TemplateError> {
    let tx = state.db.write().await?;
    let row = store::template(&tx, &keeper.scope(), id).await?.ok_or(TemplateError::NotFound)?;
    Entity::delete_by_id(id).exec(&*tx).await.step("drop a template of wishes")?;
    audit::record(&tx, state, deed(Act::WishTemplateRemoved, keeper, &row)).await?;
    Ok(tx.commit().await?)
}

fn deed(act: Act, keeper: &PartyKeeper, row: &Model) -> Deed {
    let (actor_id, org_id, subject_id) = (Some(keeper.id()), Some(row.org_id), Some(row.id));
    Deed { act, actor_id, org_id, subject_id, why: None }
}
