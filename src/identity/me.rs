//! 我: a person's own profile.

use ::entity::{
    membership::{MembershipKind, MembershipState},
    org::OrgKind,
    person,
    role_grant::Role,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    kernel::Error,
    platform::{
        AppState,
        db::Step,
        http::{Problem, input::readable, problem::CONTENT_REJECTED},
        wechat::{Scene, Suggest, TextCheck},
    },
};

use super::{WECHAT_BUSY, people, store};

/// A person as they see themselves.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserView {
    pub id: Uuid,
    pub name: String,
    /// `138****5678`; null: not bound.
    pub phone: Option<String>,
    pub volunteer: bool,
    /// Whether rankings may name me; nobody is named unasked.
    pub ranked: bool,
    pub roles: Vec<RoleView>,
    pub memberships: Vec<PlaceView>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RoleView {
    pub id: Uuid,
    pub org_id: Uuid,
    pub org_name: String,
    pub org_kind: OrgKind,
    pub role: Role,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceView {
    pub org_id: Uuid,
    pub org_name: String,
    pub org_kind: OrgKind,
    pub kind: MembershipKind,
    pub state: MembershipState,
}

/// What a person may change of it; absent fields stay.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileChange {
    #[schema(min_length = 1, max_length = 20)]
    #[validate(length(min = 1, max = 20), custom(function = readable))]
    pub name: Option<String>,
    /// Register as a volunteer, or stop being one.
    pub volunteer: Option<bool>,
    /// Let rankings name me, or no longer.
    pub ranked: Option<bool>,
}

/// The profile of a person whose id was proved.
pub async fn profile(state: &AppState, id: Uuid) -> Result<UserView, Error> {
    let db = state.db.read();
    let (found, roles, places) = tokio::try_join!(
        async { person::Entity::find_by_id(id).one(db).await.step("read the person") },
        store::held(db, id),
        store::places(db, id),
    )?;
    let person = found.ok_or_else(|| Error::impossible("read the person"))?;
    let phone = state.crypto.open_some("person.phone", id, person.phone.as_ref())?;
    let orgs = roles.iter().map(|held| held.org_id).chain(places.iter().map(|place| place.org_id));
    let orgs = store::orgs(db, orgs.collect()).await?;
    let org = |id| orgs.get(&id).ok_or_else(|| Error::impossible("read the org of a place"));
    Ok(UserView {
        id,
        name: person.name,
        phone: phone.as_deref().map(people::masked),
        volunteer: person.volunteer,
        ranked: person.ranked,
        roles: roles
            .into_iter()
            .map(|held| {
                let (org_name, org_kind) = org(held.org_id)?.clone();
                Ok(RoleView {
                    id: held.id,
                    org_id: held.org_id,
                    org_name,
                    org_kind,
                    role: held.role,
                })
            })
            .collect::<Result<_, Error>>()?,
        memberships: places
            .into_iter()
            .map(|place| {
                let (org_name, org_kind) = org(place.org_id)?.clone();
                let (kind, state) = (place.kind, place.state);
                Ok(PlaceView { org_id: place.org_id, org_name, org_kind, kind, state })
            })
            .collect::<Result<_, Error>>()?,
    })
}

#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    #[error("the name is refused")]
    Rejected,
    #[error("the name could not be looked at")]
    Unheard,
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<ProfileError> for Problem {
    fn from(error: ProfileError) -> Self {
        match error {
            ProfileError::Rejected => CONTENT_REJECTED.into(),
            ProfileError::Unheard => Self::from(WECHAT_BUSY)
                .say(
                    "暂时没法核对这个名字，请过一会儿再改",
                    "The name cannot be looked at just now",
                )
                .retry_after(30),
            ProfileError::Broken(error) => error.into(),
        }
    }
}

/// A name stands before everybody, so it changes once WeChat has passed it; there is no place where one could wait.
/// Staff without a WeChat account are called what their office calls them.
async fn look_at_name(state: &AppState, id: Uuid, name: &str) -> Result<(), ProfileError> {
    let Some(openid) = people::openid(state.db.read(), state, id).await? else { return Ok(()) };
    let check = TextCheck {
        openid: &openid,
        scene: Scene::Profile,
        content: name,
        title: None,
        nickname: Some(name),
        signature: None,
    };
    match state.wechat.check_text(&check).await {
        Ok(verdict) if verdict.suggest == Suggest::Pass => Ok(()),
        Ok(_) => Err(ProfileError::Rejected),
        Err(error) => {
            tracing::warn!(class = error.class().name(), "a name could not be looked at: {error}");
            Err(ProfileError::Unheard)
        }
    }
}

/// Stores what changed.
///
/// # Errors
/// `Rejected` or `Unheard` for a name; nothing is changed then.
pub async fn change(
    state: &AppState,
    id: Uuid,
    change: ProfileChange,
) -> Result<UserView, ProfileError> {
    if let Some(name) = &change.name {
        look_at_name(state, id, name.trim()).await?;
    }
    let tx = state.db.write().await?;
    let mut row: person::ActiveModel = people::lock(&tx, id).await?.into();
    if let Some(name) = change.name {
        row.name = Set(name.trim().to_owned());
    }
    if let Some(volunteer) = change.volunteer {
        row.volunteer = Set(volunteer);
    }
    if let Some(ranked) = change.ranked {
        row.ranked = Set(ranked);
    }
    row.updated_at = Set(state.clock.now());
    row.update(&*tx).await.step("change the profile")?;
    tx.commit().await?;
    Ok(profile(state, id).await?)
}
