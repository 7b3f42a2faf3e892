//! Making a task: from a request, or as an org's own plan.

use ::entity::{
    org as org_row, request as request_row,
    task::{ActiveModel, Model, Skills, TaskState},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::{
    identity::{Dispatcher, Scope},
    kernel::{Error, Event},
    org,
    platform::{
        AppState, Tx,
        db::Step,
        http::{Problem, problem::FieldFault},
        outbox,
    },
    request::{self, PlaceForm, RequestError},
};

use super::{
    audience,
    change::{TaskError, apply, fact},
    code, draw, edit,
    form::{self, TaskForm},
    keep,
    model::{self, Command},
    safety, store,
    view::{self, TaskView},
    widen::rings,
};

#[derive(Debug, thiserror::Error)]
pub enum DispatchError {
    #[error(transparent)]
    Request(#[from] RequestError),
    #[error(transparent)]
    Task(#[from] TaskError),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<DispatchError> for Problem {
    fn from(error: DispatchError) -> Self {
        match error {
            DispatchError::Request(error) => error.into(),
            DispatchError::Task(error) => error.into(),
            DispatchError::Broken(error) => error.into(),
        }
    }
}

impl From<FieldFault> for DispatchError {
    fn from(fault: FieldFault) -> Self {
        Self::Task(TaskError::Field(fault))
    }
}

pub(super) fn fault(
    field: &str,
    code: &'static str,
    zh: impl Into<String>,
    en: &str,
) -> FieldFault {
    FieldFault { field: field.into(), code, zh: zh.into(), en: en.into() }
}

/// Who writes a task.
#[derive(Clone, Debug)]
pub(super) struct Author {
    pub id: Uuid,
    /// False: the house does it, for a series they wrote.
    pub acts: bool,
    pub scope: Scope,
}

impl Author {
    /// Somebody at their desk.
    pub fn at_desk(office: &Dispatcher) -> Self {
        Self { id: office.id(), acts: true, scope: office.scope() }
    }

    /// Whom the timeline names.
    pub fn actor(&self) -> Option<Uuid> {
        self.acts.then_some(self.id)
    }

    /// An org within reach.
    pub async fn org(&self, tx: &Tx, id: Uuid) -> Result<org_row::Model, DispatchError> {
        let org = org::find(&**tx, id).await?.filter(|org| self.scope.covers(&org.path));
        Ok(org.ok_or(TaskError::NotFound)?)
    }
}

/// What a task is made from.
#[derive(Debug)]
pub(super) enum Origin {
    /// The org's own plan.
    Plan,
    Request(Box<request_row::Model>),
    /// Another task, whose safety rules it keeps to.
    Copy {
        category_id: Option<Uuid>,
    },
}

impl Origin {
    fn request(&self) -> Option<&request_row::Model> {
        match self {
            Self::Request(request) => Some(request),
            Self::Plan | Self::Copy { .. } => None,
        }
    }

    fn category_id(&self) -> Option<Uuid> {
        match self {
            Self::Plan => None,
            Self::Request(request) => request.category_id,
            Self::Copy { category_id } => *category_id,
        }
    }
}

/// Turns a waiting request into a task; both change in the caller's transaction.
///
/// # Errors
/// `NotFound` for another office's request, `NotNow` unless it waits in the inbox, a field that cannot be.
pub(super) async fn dispatch(
    tx: &Tx,
    state: &AppState,
    office: &Dispatcher,
    request_id: Uuid,
    form: TaskForm,
) -> Result<TaskView, DispatchError> {
    if form.org_id.is_some() {
        let zh = "派单时不用填 org_id，任务属于需求所在的社区";
        return Err(fault("org_id", "unknown", zh, "Leave org_id out when dispatching").into());
    }
    let task_id = state.rng.id(state.clock.now());
    let author = Author::at_desk(office);
    let row = request::dispatch(tx, state, &author.scope, request_id, task_id, author.id).await?;
    let org = org::find(&**tx, row.org_id).await?;
    let org = org.ok_or_else(|| Error::impossible("read the request's org"))?;
    create(tx, state, &author, task_id, &org, Origin::Request(Box::new(row)), form).await
}

/// Posts an org's own plan or recruitment.
///
/// # Errors
/// A missing or foreign org, or a field that cannot be.
pub(super) async fn plan(
    tx: &Tx,
    state: &AppState,
    office: &Dispatcher,
    form: TaskForm,
) -> Result<TaskView, DispatchError> {
    let Some(org_id) = form.org_id else {
        return Err(fault("org_id", "required", "请填写 org_id", "org_id is required").into());
    };
    let author = Author::at_desk(office);
    let org = author.org(tx, org_id).await?;
    let task_id = state.rng.id(state.clock.now());
    create(tx, state, &author, task_id, &org, Origin::Plan, form).await
}

/// Stores a draft and opens it where the form asks for it.
///
/// # Errors
/// A field that cannot be.
pub(super) async fn create(
    tx: &Tx,
    state: &AppState,
    author: &Author,
    id: Uuid,
    org: &org_row::Model,
    origin: Origin,
    form: TaskForm,
) -> Result<TaskView, DispatchError> {
    let now = state.clock.now();
    let (publish, people) = (form.publish, form.people());
    // A copy is a draft to be looked through: who led may have left. It is held to the rules when it opens.
    if !matches!(origin, Origin::Copy { .. }) {
        safety::check(&**tx, origin.category_id(), form.slots, form.lead_id).await?;
    }
    let row = ActiveModel {
        org_id: Set(org.id),
        request_id: Set(origin.request().map(|request| request.id)),
        category_id: Set(origin.category_id()),
        used: Set(0),
        held: Set(0),
        ver: Set(1),
        rev: Set(1),
        state: Set(TaskState::Draft),
        check_in_code: Set(state.rng.code(code::SIGNS)),
        report: Set(None),
        reported_by: Set(None),
        reported_at: Set(None),
        confirmed_at: Set(None),
        reason: Set(None),
        created_by: Set(author.id),
        created_at: Set(now),
        ..written(tx, state, author, id, org, origin.request(), form).await?
    };
    let task: Model = row.insert(&**tx).await.step("store the task")?;
    audience::keep(tx, id, people).await?;
    let drafted = fact(&task, Event::TaskDrafted, author.actor(), None);
    outbox::record(&**tx, state, [drafted]).await?;
    published(tx, state, author, task, publish).await
}

/// Opens the draft where the form asked for it, and shows what came of it.
async fn published(
    tx: &Tx,
    state: &AppState,
    author: &Author,
    mut task: Model,
    publish: bool,
) -> Result<TaskView, DispatchError> {
    if publish {
        let by = (author.actor(), None);
        task = apply(tx, state, task, Command::Publish, by, |_| ()).await?;
    }
    Ok(view::view(&**tx, state, task, view::See::Staff).await?)
}

/// Writes a draft anew, or what may still change about an open task; `rev` is the edit the writer saw.
///
/// # Errors
/// `NotFound` outside the scope, `NotNow` once it is over, `Edited` when somebody wrote in between; a field that
/// cannot be, or not any more.
pub(super) async fn rewrite(
    tx: &Tx,
    state: &AppState,
    office: &Dispatcher,
    id: Uuid,
    rev: i64,
    form: TaskForm,
) -> Result<TaskView, DispatchError> {
    let author = Author::at_desk(office);
    let task = store::lock(tx, &author.scope, id).await?.ok_or(TaskError::NotFound)?;
    if form.org_id.is_some_and(|org_id| org_id != task.org_id) {
        let zh = "任务不能换到别的组织";
        return Err(fault("org_id", "value", zh, "A task keeps its org").into());
    }
    model::step(task.state, Command::Change).map_err(TaskError::NotNow)?;
    if task.rev != rev {
        return Err(TaskError::Edited { rev: task.rev }.into());
    }
    let org = org::find(&**tx, task.org_id).await?;
    let org = org.ok_or_else(|| Error::impossible("read the task's org"))?;
    let request = match task.request_id {
        Some(id) => request::find(&**tx, &author.scope, id).await?,
        None => None,
    };
    if task.state == TaskState::Open {
        return edit::change(tx, state, &author, &org, task, request.as_ref(), form).await;
    }
    let (publish, people) = (form.publish, form.people());
    safety::check(&**tx, task.category_id, form.slots, form.lead_id).await?;
    let row = ActiveModel {
        ver: Set(task.ver + 1),
        rev: Set(task.rev + 1),
        ..written(tx, state, &author, id, &org, request.as_ref(), form).await?
    };
    let task = row.update(&**tx).await.step("rewrite the draft")?;
    audience::keep(tx, id, people).await?;
    published(tx, state, &author, task, publish).await
}

/// What the form says, checked and settled.
async fn written(
    tx: &Tx,
    state: &AppState,
    author: &Author,
    id: Uuid,
    org: &org_row::Model,
    request: Option<&request_row::Model>,
    form: TaskForm,
) -> Result<ActiveModel, DispatchError> {
    let now = state.clock.now();
    let times = form::times(&form, now)?;
    form::turnout(&form)?;
    let kept = keep::settle(form.keep.as_ref(), form.slots, &times)?;
    let ring = audience::settle(tx, &author.scope, org, &form).await?;
    let named = !form.people().is_empty();
    draw::settle(form.draw_at, &times, named)?;
    let (first, last) = rings(&ring, &form);
    let place = place(state, &form, request)?;
    let title = form.title.or_else(|| request.map(|request| request.title.clone()));
    let title =
        title.ok_or_else(|| fault("title", "required", "请填写 title", "title is required"))?;
    Ok(ActiveModel {
        id: Set(id),
        title: Set(title.trim().to_owned()),
        notes: Set(form.notes),
        place_name: Set(place.as_ref().map(|place| place.name.clone())),
        lat: Set(place.as_ref().and_then(|place| place.lat)),
        lng: Set(place.as_ref().and_then(|place| place.lng)),
        address: Set(place
            .and_then(|place| place.address)
            .map(|address| state.crypto.seal("task.address", id, &address))),
        slots: Set(form.slots),
        keep_new: Set(kept.first_timers),
        keep_lead: Set(kept.lead),
        keep_until: Set(kept.until),
        starts_at: Set(times.starts_at),
        ends_at: Set(times.ends_at),
        opens_at: Set(times.opens_at),
        claim_until: Set(times.claim_until),
        leave_until: Set(times.leave_until),
        lead_id: Set(form.lead_id),
        min_turnout: Set(form.min_turnout),
        points: Set(form.points.unwrap_or(0)),
        skills: Set(Skills(form.skills.unwrap_or_default())),
        ring_org_id: Set(ring.id),
        ring: Set(first),
        first_ring: Set(first),
        last_ring: Set(last),
        level: Set(0),
        escalate_at: Set(None),
        wave: Set(0),
        wave_at: Set(None),
        volunteers: Set(form.audience.is_some_and(|audience| audience.volunteers)),
        named: Set(named),
        updated_at: Set(now),
        ..draw::prepare(state, id, form.draw_at)
    })
}

/// Where it is: as written, or where the request says.
pub(super) fn place(
    state: &AppState,
    form: &TaskForm,
    request: Option<&request_row::Model>,
) -> Result<Option<PlaceForm>, Error> {
    match (&form.place, request) {
        (Some(place), _) => Ok(Some(place.clone())),
        (None, Some(request)) => request::place_of(state, request),
        (None, None) => Ok(None),
    }
}
