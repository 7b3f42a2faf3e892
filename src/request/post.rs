//! Posting a request, and mending it before the office has taken it up.

use std::time::Duration;

use ::entity::request::{ActiveModel, Model, RequestState};
use entity::At;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use crate::{
    identity::{Resident, Scope},
    kernel::{Event, Fact, error::Error},
    org,
    platform::{
        AppState, Tx,
        db::Step,
        http::{Problem, input::readable, problem::FieldFault},
        outbox,
    },
};

use super::{
    change::{By, RequestError, apply},
    model::Command,
    store,
    view::{self, RequestView},
};

/// Where help is needed. Coordinates are GCJ-02, as WeChat gives them.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = whole_point))]
pub struct PlaceForm {
    /// 地点名，例如「文化小区」
    #[validate(length(min = 1, max = 60), custom(function = readable))]
    pub name: String,
    #[validate(range(min = 3.0, max = 54.0))]
    pub lat: Option<f64>,
    #[validate(range(min = 73.0, max = 136.0))]
    pub lng: Option<f64>,
    /// 详细地址，接单后才给志愿者看
    #[validate(length(min = 1, max = 120), custom(function = readable))]
    pub address: Option<String>,
}

/// Half a point is no place on a map.
fn whole_point(place: &PlaceForm) -> Result<(), ValidationError> {
    let whole = place.lat.is_some() == place.lng.is_some();
    if whole { Ok(()) } else { Err(ValidationError::new("point")) }
}

/// What a resident asks for.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestForm {
    /// The community (or street) asked.
    pub org_id: Uuid,
    /// 类别，例如「助老」「维修」
    #[validate(length(min = 1, max = 20), custom(function = readable))]
    pub category: String,
    #[validate(length(min = 2, max = 40), custom(function = readable))]
    pub title: String,
    #[validate(length(min = 2, max = 2000), custom(function = readable))]
    pub detail: String,
    #[validate(nested)]
    pub place: Option<PlaceForm>,
    pub wanted_from: Option<At>,
    pub wanted_to: Option<At>,
    #[serde(default)]
    pub urgent: bool,
}

/// What may be mended; absent fields stay.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Amendment {
    #[validate(length(min = 2, max = 40), custom(function = readable))]
    pub title: Option<String>,
    #[validate(length(min = 2, max = 2000), custom(function = readable))]
    pub detail: Option<String>,
    #[validate(nested)]
    pub place: Option<PlaceForm>,
    pub wanted_from: Option<At>,
    pub wanted_to: Option<At>,
    pub urgent: Option<bool>,
}

#[derive(Debug, thiserror::Error)]
pub enum PostError {
    #[error("a field is not right")]
    Field(FieldFault),
    #[error(transparent)]
    Refused(#[from] RequestError),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<PostError> for Problem {
    fn from(error: PostError) -> Self {
        match error {
            PostError::Field(fault) => Self::fields(vec![fault]),
            PostError::Refused(error) => error.into(),
            PostError::Broken(error) => error.into(),
        }
    }
}

fn fault(field: &str, code: &'static str, zh: &str, en: &str) -> PostError {
    PostError::Field(FieldFault { field: field.into(), code, zh: zh.into(), en: en.into() })
}

/// A wanted time lies ahead, and its end after its start.
fn check_times(from: Option<At>, to: Option<At>, now: At) -> Result<(), PostError> {
    let year = now.plus(Duration::from_secs(366 * 24 * 3600));
    let past = |at: Option<At>| at.is_some_and(|at| at < now);
    if past(from) {
        return Err(fault("wanted_from", "time", "希望的时间已经过去了", "This time has passed"));
    }
    if past(to) {
        return Err(fault("wanted_to", "time", "希望的时间已经过去了", "This time has passed"));
    }
    let far = |at: Option<At>| at.is_some_and(|at| at > year);
    if far(from) || far(to) {
        let field = if far(from) { "wanted_from" } else { "wanted_to" };
        let zh = "希望的时间太远了，请选一年以内";
        return Err(fault(field, "time", zh, "Within a year, please"));
    }
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        return Err(fault(
            "wanted_to",
            "time",
            "结束时间要晚于开始时间",
            "The end must be after the start",
        ));
    }
    Ok(())
}

/// Posts a request in the caller's transaction.
///
/// # Errors
/// `Field` for times that cannot be and for an org that takes no requests.
pub(super) async fn post(
    tx: &Tx,
    state: &AppState,
    me: &Resident,
    form: RequestForm,
) -> Result<RequestView, PostError> {
    let now = state.clock.now();
    check_times(form.wanted_from, form.wanted_to, now)?;
    let org = org::find(&**tx, form.org_id).await?.filter(org::takes_requests);
    let Some(org) = org else {
        return Err(fault("org_id", "value", "请选择您所在的社区", "Choose a community"));
    };
    let promises = org::settings_of(&**tx, [org.id]).await?.remove(&org.id).unwrap_or_default();
    let hours = |n: i32| Duration::from_secs(u64::try_from(n).unwrap_or(0) * 3600);
    let id = state.rng.id(now);
    let place = form.place;
    let row = ActiveModel {
        id: Set(id),
        org_id: Set(org.id),
        requester_id: Set(me.id()),
        category: Set(form.category.trim().to_owned()),
        title: Set(form.title.trim().to_owned()),
        detail: Set(state.crypto.seal("request.detail", id, form.detail.trim())),
        place_name: Set(place.as_ref().map(|place| place.name.clone())),
        lat: Set(place.as_ref().and_then(|place| place.lat)),
        lng: Set(place.as_ref().and_then(|place| place.lng)),
        address: Set(place
            .and_then(|place| place.address)
            .map(|address| state.crypto.seal("request.address", id, &address))),
        wanted_from: Set(form.wanted_from),
        wanted_to: Set(form.wanted_to),
        urgent: Set(form.urgent),
        state: Set(RequestState::Submitted),
        reason: Set(None),
        first_answer_due: Set(now.plus(hours(promises.promise_first_hours))),
        done_due: Set(now.plus(hours(promises.promise_done_days * 24))),
        task_id: Set(None),
        work_started_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let row = row.insert(&**tx).await.step("store the request")?;
    outbox::record(&**tx, state, [submitted(&row)]).await?;
    Ok(view::one(&**tx, state, row).await?)
}

fn submitted(row: &Model) -> Fact {
    Fact {
        event: Event::RequestSubmitted,
        org_id: row.org_id,
        request_id: Some(row.id),
        task_id: None,
        subject_id: row.id,
        actor_id: Some(row.requester_id),
        words: None,
    }
}

/// Mends one's own request; one that waits for information goes back to the office.
///
/// # Errors
/// `NotFound` for another's, `NotNow` once it was taken up, `Field` for impossible times.
pub(super) async fn amend(
    state: &AppState,
    me: &Resident,
    id: Uuid,
    change: Amendment,
) -> Result<Model, PostError> {
    let now = state.clock.now();
    check_times(change.wanted_from, change.wanted_to, now)?;
    let own: Scope = me.own_scope();
    let tx = state.db.write().await?;
    let row = store::locked(&tx, &own, id).await?.ok_or(RequestError::NotFound)?;
    let by = By { actor: Some(me.id()), words: None };
    let mut row: ActiveModel = apply(&tx, state, row, Command::Amend, by).await?.into();
    if let Some(title) = change.title {
        row.title = Set(title.trim().to_owned());
    }
    if let Some(detail) = change.detail {
        row.detail = Set(state.crypto.seal("request.detail", id, detail.trim()));
    }
    if let Some(place) = change.place {
        row.place_name = Set(Some(place.name));
        (row.lat, row.lng) = (Set(place.lat), Set(place.lng));
        let address = place.address.map(|text| state.crypto.seal("request.address", id, &text));
        row.address = Set(address);
    }
    if change.wanted_from.is_some() || change.wanted_to.is_some() {
        (row.wanted_from, row.wanted_to) = (Set(change.wanted_from), Set(change.wanted_to));
    }
    if let Some(urgent) = change.urgent {
        row.urgent = Set(urgent);
    }
    row.updated_at = Set(now);
    let row = row.update(&*tx).await.step("mend the request")?;
    tx.commit().await?;
    Ok(row)
}
