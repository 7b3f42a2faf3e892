//! 查看原文: one field of one person, for whoever keeps the roster of an org the person belongs to, or the office
//! they asked for help. Every look has a reason and is in the chain before the value is told.

use ::entity::{audit_entry, request};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use crate::{
    audit::{self, Act, Deed},
    identity::{Registrar, Scope, people},
    kernel::{Day, Error},
    platform::{
        AppState,
        db::Step,
        http::{Problem, input::readable, problem::NOT_FOUND},
    },
};

use super::REVEALS_USED_UP;

/// What may be revealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// 手机号
    Phone,
    /// 真实姓名
    RealName,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealForm {
    pub field: Field,
    /// 查看的原因，会记入审计
    #[validate(length(min = 1, max = 200), custom(function = reason))]
    #[schema(min_length = 4, max_length = 200)]
    pub reason: String,
}

/// Words that say something: four signs at least.
fn reason(text: &str) -> Result<(), ValidationError> {
    readable(text)?;
    if text.trim().chars().count() >= 4 {
        return Ok(());
    }
    let mut short = ValidationError::new("length");
    short.add_param("min".into(), &4);
    short.add_param("max".into(), &200);
    Err(short)
}

/// One field in full. It names a person, so it has no `Debug`.
#[derive(Serialize, ToSchema)]
pub struct Revealed {
    pub person_id: Uuid,
    pub field: Field,
    /// Null: not known.
    pub value: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum RevealError {
    #[error("no such person in reach")]
    NotFound,
    #[error("none left today")]
    UsedUp,
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<RevealError> for Problem {
    fn from(error: RevealError) -> Self {
        match error {
            RevealError::NotFound => NOT_FOUND.into(),
            RevealError::UsedUp => REVEALS_USED_UP.into(),
            RevealError::Broken(error) => error.into(),
        }
    }
}

/// Tells the field, once the look stands in the chain.
///
/// # Errors
/// `NotFound` for people out of reach; `UsedUp` when the day's looks are used up.
pub(super) async fn reveal(
    state: &AppState,
    by: &Registrar,
    person_id: Uuid,
    form: RevealForm,
) -> Result<Revealed, RevealError> {
    let tx = state.db.write().await?;
    // Looks of one person come one after another, so that they are counted.
    people::lock(&tx, by.id()).await?;
    if !within_reach(&*tx, &by.scope(), person_id).await? {
        return Err(RevealError::NotFound);
    }
    let today = Day::of(state.clock.now()).start();
    let looks = audit_entry::Entity::find()
        .filter(audit_entry::Column::ActorId.eq(by.id()))
        .filter(audit_entry::Column::Action.eq(Act::PersonRevealed.name()))
        .filter(audit_entry::Column::At.gte(today));
    let looks = looks.count(&*tx).await.step("count today's looks")?;
    if looks >= state.settings.privacy.reveals_per_day {
        return Err(RevealError::UsedUp);
    }
    let deed = Deed {
        act: Act::PersonRevealed,
        actor_id: Some(by.id()),
        org_id: by.caller().roles.first().map(|held| held.org_id),
        subject_id: Some(person_id),
        why: Some(form.reason.trim().to_owned()),
    };
    audit::record(&tx, state, deed).await?;
    tx.commit().await?;
    let db = state.db.read();
    let value = match form.field {
        Field::Phone => people::phone(db, state, person_id).await?,
        Field::RealName => people::real_name(db, state, person_id).await?,
    };
    Ok(Revealed { person_id, field: form.field, value })
}

/// Whether a person belongs to an org in reach, or has asked one for help.
async fn within_reach(
    db: &impl ConnectionTrait,
    scope: &Scope,
    person: Uuid,
) -> Result<bool, Error> {
    if people::known_to(db, scope, person).await? {
        return Ok(true);
    }
    let asked = request::Entity::find()
        .filter(request::Column::RequesterId.eq(person))
        .filter(scope.reach(request::Column::OrgId));
    Ok(asked.count(db).await.step("look for requests in reach")? > 0)
}
