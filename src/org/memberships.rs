//! 双报到: a person asks for a place in a branch or in the community they live in; the org says yes or no.

use ::entity::{
    membership::{ActiveModel, MemberClass, MembershipKind, MembershipState, Model},
    org::{self, OrgKind},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    identity::Scope,
    kernel::Error,
    platform::{
        AppState, Tx,
        db::{Step, is_duplicate},
        http::{Problem, input::readable, problem::NOT_FOUND},
    },
};

use super::{MEMBERSHIP_EXISTS, model, store};

/// A place a person has or asks for.
#[derive(Debug, Serialize, ToSchema)]
pub struct MembershipView {
    pub id: Uuid,
    pub person_id: Uuid,
    pub org_id: Uuid,
    pub kind: MembershipKind,
    pub state: MembershipState,
    /// Why it was refused.
    pub reason: Option<String>,
    pub class: MemberClass,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMembership {
    /// A 党支部 or 党小组 for `home_branch`, a community for `residence`.
    pub org_id: Uuid,
    pub kind: MembershipKind,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MembershipRefusal {
    /// Said to the person.
    #[schema(min_length = 2, max_length = 200)]
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    pub reason: String,
}

/// What the org says to a pending place.
#[derive(Debug)]
pub(super) enum Decision {
    Confirm,
    Refuse { reason: String },
}

/// Why a place is not to be had.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    #[error("no such org or membership, or out of reach")]
    NotFound,
    #[error("a {org:?} has no places of the kind {place:?}")]
    Unfit { org: OrgKind, place: MembershipKind },
    #[error("the person has a place of this kind")]
    Exists,
    #[error("it was decided already: {0:?}")]
    Decided(MembershipState),
    #[error("not a mobile number")]
    Phone,
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<PlaceError> for Problem {
    fn from(error: PlaceError) -> Self {
        match error {
            PlaceError::NotFound => NOT_FOUND.into(),
            PlaceError::Unfit { org, place } => unfit(org, place),
            PlaceError::Exists => MEMBERSHIP_EXISTS.into(),
            PlaceError::Decided(state) => {
                Self::state(state, "这项申请已经处理过了", "This was decided already")
            }
            PlaceError::Phone => Self::field(
                "phone",
                "value",
                "手机号要填 11 位的大陆手机号",
                "The phone must be a mainland mobile number of 11 digits",
            ),
            PlaceError::Broken(error) => error.into(),
        }
    }
}

fn unfit(org: OrgKind, place: MembershipKind) -> Problem {
    let org = model::spoken(org);
    let (zh, en) = match place {
        MembershipKind::HomeBranch => (
            format!("组织关系只能登记在党支部或党小组，这里是{org}"),
            "A home branch is a branch or a group",
        ),
        MembershipKind::Residence => {
            (format!("居住地只能登记在社区，这里是{org}"), "A residence is a community")
        }
    };
    Problem::field("kind", "value", zh, en)
}

impl From<Model> for MembershipView {
    fn from(row: Model) -> Self {
        let Model { id, person_id, org_id, kind, state, reason, class, .. } = row;
        Self { id, person_id, org_id, kind, state, reason, class }
    }
}

/// Asks for a place of one's own, in the caller's transaction; the org decides.
///
/// # Errors
/// `NotFound` for an unknown org, `Unfit`, `Exists`.
pub(super) async fn ask(
    tx: &Tx,
    state: &AppState,
    me: Uuid,
    new: NewMembership,
) -> Result<MembershipView, PlaceError> {
    let org = store::find(&**tx, new.org_id).await?.ok_or(PlaceError::NotFound)?;
    let new = NewPlace { person_id: me, kind: new.kind, ..NewPlace::default() };
    Ok(place(tx, state, &org, new).await?.into())
}

/// A place to store.
pub(super) struct NewPlace {
    pub person_id: Uuid,
    pub kind: MembershipKind,
    pub class: MemberClass,
    /// Who confirms it at once; None: it is pending.
    pub by: Option<Uuid>,
    pub moved_from: Option<Uuid>,
}

impl Default for NewPlace {
    fn default() -> Self {
        Self {
            person_id: Uuid::nil(),
            kind: MembershipKind::HomeBranch,
            class: MemberClass::default(),
            by: None,
            moved_from: None,
        }
    }
}

/// Stores a place.
///
/// # Errors
/// `Unfit` where the org has no such places; `Exists`, and the transaction must then be dropped.
pub(super) async fn place(
    tx: &Tx,
    state: &AppState,
    org: &org::Model,
    new: NewPlace,
) -> Result<Model, PlaceError> {
    let NewPlace { person_id, kind, class, by, moved_from } = new;
    if !model::has_places(org.kind, kind) {
        return Err(PlaceError::Unfit { org: org.kind, place: kind });
    }
    let now = state.clock.now();
    let confirmed = by.map(|_| MembershipState::Confirmed);
    let row = ActiveModel {
        id: Set(state.rng.id(now)),
        person_id: Set(person_id),
        org_id: Set(org.id),
        kind: Set(kind),
        state: Set(confirmed.unwrap_or(MembershipState::Pending)),
        reason: Set(None),
        decided_by: Set(by),
        created_at: Set(now),
        updated_at: Set(now),
        class: Set(class),
        moved_from: Set(moved_from),
    };
    match row.insert(&**tx).await {
        Err(error) if is_duplicate(&error) => Err(PlaceError::Exists),
        other => Ok(other.step("store a membership")?),
    }
}

/// Says yes or no to a pending place in reach. A move that is refused leaves the person where they were.
///
/// # Errors
/// `NotFound`; `Decided` with the state it is in.
pub(super) async fn decide(
    state: &AppState,
    scope: &Scope,
    by: Uuid,
    id: Uuid,
    decision: Decision,
) -> Result<MembershipView, PlaceError> {
    let tx = state.db.write().await?;
    let row = store::locked_membership(&tx, scope, id).await?.ok_or(PlaceError::NotFound)?;
    if row.state != MembershipState::Pending {
        return Err(PlaceError::Decided(row.state));
    }
    let (to, reason) = match decision {
        Decision::Confirm => (MembershipState::Confirmed, None),
        Decision::Refuse { reason } => (MembershipState::Refused, Some(reason.trim().to_owned())),
    };
    let mut row: ActiveModel = row.into();
    row.state = Set(to);
    row.reason = Set(reason);
    row.decided_by = Set(Some(by));
    row.updated_at = Set(state.clock.now());
    let row = row.update(&*tx).await.step("decide a membership")?;
    if let Some(from) = row.moved_from.filter(|_| to == MembershipState::Refused) {
        let back = ActiveModel {
            id: Set(from),
            state: Set(MembershipState::Confirmed),
            updated_at: Set(state.clock.now()),
            ..Default::default()
        };
        back.update(&*tx).await.step("take a member back")?;
    }
    tx.commit().await?;
    Ok(row.into())
}
