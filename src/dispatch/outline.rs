//! The outline of a task: all of it but when. Templates and series keep one, a copy is made through one.

use ::entity::{Sealed, org::Model as Org, task::Model};
use entity::At;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    kernel::Error,
    platform::{
        AppState, Tx,
        http::{input::readable, problem::FieldFault},
    },
    request::PlaceForm,
};

use super::{
    audience,
    change::TaskError,
    form::{self, Audience, TaskForm, skill_names},
    post::{Author, DispatchError},
    widen::widens_to,
};

/// A task as it is written again and again.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Outline {
    #[validate(length(min = 2, max = 40), custom(function = readable))]
    #[schema(min_length = 2, max_length = 40)]
    pub title: String,
    #[validate(range(min = 1, max = 500))]
    #[schema(minimum = 1, maximum = 500)]
    pub slots: i32,
    /// How long it takes, minutes.
    #[validate(range(min = 15, max = 10080))]
    #[schema(minimum = 15, maximum = 10080)]
    pub minutes: i32,
    #[validate(range(min = 1, max = 500))]
    #[schema(minimum = 1, maximum = 500)]
    pub min_turnout: Option<i32>,
    pub lead_id: Option<Uuid>,
    #[validate(length(max = 10), custom(function = skill_names))]
    #[schema(max_items = 10)]
    pub skills: Option<Vec<String>>,
    #[validate(nested)]
    pub audience: Option<Audience>,
    #[validate(range(min = 0, max = 100))]
    #[schema(minimum = 0, maximum = 100)]
    pub points: Option<i32>,
    #[validate(nested)]
    pub place: Option<PlaceForm>,
    #[validate(length(min = 1, max = 1000), custom(function = readable))]
    #[schema(min_length = 1, max_length = 1000)]
    pub notes: Option<String>,
}

impl Outline {
    /// The form of a task that starts then, as a draft.
    pub(super) fn at(self, starts_at: At) -> TaskForm {
        let long = u64::from(self.minutes.max(0).unsigned_abs()) * 60;
        TaskForm {
            org_id: None,
            title: Some(self.title),
            slots: self.slots,
            min_turnout: self.min_turnout,
            starts_at,
            ends_at: starts_at.plus(std::time::Duration::from_secs(long)),
            opens_at: None,
            claim_until: None,
            leave_until: None,
            lead_id: self.lead_id,
            skills: self.skills,
            audience: self.audience,
            points: self.points,
            place: self.place,
            notes: self.notes,
            keep: None,
            draw_at: None,
            publish: false,
        }
    }

    /// The outline of a task that is there. What a resident's home is about stays behind: a copy is the org's own
    /// plan, whose place and notes everybody may come to see.
    pub(super) fn of(
        state: &AppState,
        task: &Model,
        org: &Org,
        ring: &Org,
        people: Vec<Uuid>,
    ) -> Result<Self, Error> {
        let above = org.path.starts_with(&ring.path) && ring.id != org.id;
        let audience = Audience {
            ring: above.then_some(ring.kind),
            org_id: (!above && ring.id != org.id).then_some(ring.id),
            people: (!people.is_empty()).then_some(people),
            volunteers: task.volunteers,
            widens_to: widens_to(task),
        };
        let own = task.request_id.is_none();
        let address = state.crypto.open_some("task.address", task.id, task.address.as_ref())?;
        let place = task.place_name.clone().filter(|_| own).map(|name| PlaceForm {
            name,
            lat: task.lat,
            lng: task.lng,
            address,
        });
        let minutes = (task.ends_at.ms() - task.starts_at.ms()) / 60_000;
        Ok(Self {
            title: task.title.clone(),
            slots: task.slots,
            minutes: i32::try_from(minutes).unwrap_or(i32::MAX),
            min_turnout: task.min_turnout,
            lead_id: task.lead_id,
            skills: Some(task.skills.0.clone()),
            audience: Some(audience),
            points: Some(task.points),
            place,
            notes: task.notes.clone().filter(|_| own),
        })
    }

    /// Whether an org could use it now.
    ///
    /// # Errors
    /// The field that cannot be, as it stands in a form that holds the outline as `task`.
    pub(super) async fn check(
        &self,
        tx: &Tx,
        author: &Author,
        org: &Org,
    ) -> Result<(), DispatchError> {
        let form = self.clone().at(At(0));
        let checked = match form::turnout(&form) {
            Ok(()) => audience::settle(tx, &author.scope, org, &form).await,
            Err(fault) => Err(fault.into()),
        };
        checked.map(drop).map_err(|error| match error {
            DispatchError::Task(TaskError::Field(fault)) => {
                FieldFault { field: format!("task.{}", fault.field), ..fault }.into()
            }
            other => other,
        })
    }

    /// As it rests in `column` of row `id`.
    pub(super) fn seal(&self, state: &AppState, column: &str, id: Uuid) -> Result<Sealed, Error> {
        let json = serde_json::to_string(self);
        let json = json.map_err(|error| Error::broken("write an outline", error))?;
        Ok(state.crypto.seal(column, id, &json))
    }

    /// From where it rests.
    pub(super) fn open(
        state: &AppState,
        column: &str,
        id: Uuid,
        sealed: &Sealed,
    ) -> Result<Self, Error> {
        let json = state.crypto.open(column, id, sealed)?;
        serde_json::from_str(&json).map_err(|error| Error::broken("read an outline", error))
    }
}
