//! Making a task: from a request, or as an org's own plan.

use ::entity::{
    membership,
    org::{self as org_row, OrgKind},
    request as request_row,
    task::{ActiveModel, Model, Skills, TaskState},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::{
    identity::{Dispatcher, people},
    kernel::{Error, Event},
    org,
    platform::{
        AppState, Tx,
        db::Step,
        http::{Problem, problem::FieldFault},
        outbox,
    },
    request::{self, RequestError},
};

use super::{
    change::{TaskError, apply, fact},
    code,
    form::{self, TaskForm},
    model::{self, Command},
    store,
    view::{self, TaskView},
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

fn fault(field: &str, code: &'static str, zh: &str, en: &str) -> FieldFault {
    FieldFault { field: field.into(), code, zh: zh.into(), en: en.into() }
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
    let scope = office.scope();
    let row = request::dispatch(tx, state, &scope, request_id, task_id, office.id()).await?;
    let org = org::find(&**tx, row.org_id).await?;
    let org = org.ok_or_else(|| Error::impossible("read the request's org"))?;
    create(tx, state, office, task_id, &org, Some(row), form).await
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
    let org = org::find(&**tx, org_id).await?.filter(|org| office.scope().covers(&org.path));
    let org = org.ok_or(TaskError::NotFound)?;
    let task_id = state.rng.id(state.clock.now());
    create(tx, state, office, task_id, &org, None, form).await
}

async fn create(
    tx: &Tx,
    state: &AppState,
    office: &Dispatcher,
    id: Uuid,
    org: &org_row::Model,
    request: Option<request_row::Model>,
    form: TaskForm,
) -> Result<TaskView, DispatchError> {
    let now = state.clock.now();
    let publish = form.publish;
    let row = ActiveModel {
        org_id: Set(org.id),
        request_id: Set(request.as_ref().map(|request| request.id)),
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
        created_by: Set(office.id()),
        created_at: Set(now),
        ..written(tx, state, id, org, request.as_ref(), form).await?
    };
    let task: Model = row.insert(&**tx).await.step("store the task")?;
    let drafted = fact(&task, Event::TaskDrafted, Some(office.id()), None);
    outbox::record(&**tx, state, [drafted]).await?;
    published(tx, state, office, task, publish).await
}

/// Opens the draft where the form asked for it, and shows what came of it.
async fn published(
    tx: &Tx,
    state: &AppState,
    office: &Dispatcher,
    mut task: Model,
    publish: bool,
) -> Result<TaskView, DispatchError> {
    if publish {
        let by = (Some(office.id()), None);
        task = apply(tx, state, task, Command::Publish, by, |_| ()).await?;
    }
    Ok(view::view(&**tx, state, task, view::See::Staff).await?)
}

/// Writes a draft anew; `rev` is the edit the writer saw.
///
/// # Errors
/// `NotFound` outside the scope, `NotNow` once it was published, `Edited` when somebody wrote in between.
pub(super) async fn rewrite(
    tx: &Tx,
    state: &AppState,
    office: &Dispatcher,
    id: Uuid,
    rev: i64,
    form: TaskForm,
) -> Result<TaskView, DispatchError> {
    let scope = office.scope();
    let task = store::lock(tx, &scope, id).await?.ok_or(TaskError::NotFound)?;
    if form.org_id.is_some_and(|org_id| org_id != task.org_id) {
        let zh = "任务不能换到别的组织";
        return Err(fault("org_id", "value", zh, "A task keeps its org").into());
    }
    model::step(task.state, Command::Publish).map_err(TaskError::NotNow)?;
    if task.rev != rev {
        return Err(TaskError::Edited { rev: task.rev }.into());
    }
    let org = org::find(&**tx, task.org_id).await?;
    let org = org.ok_or_else(|| Error::impossible("read the task's org"))?;
    let request = match task.request_id {
        Some(id) => request::find(&**tx, &scope, id).await?,
        None => None,
    };
    let publish = form.publish;
    let row = ActiveModel {
        ver: Set(task.ver + 1),
        rev: Set(task.rev + 1),
        ..written(tx, state, id, &org, request.as_ref(), form).await?
    };
    let task = row.update(&**tx).await.step("rewrite the draft")?;
    published(tx, state, office, task, publish).await
}

/// What the form says, checked and settled.
async fn written(
    tx: &Tx,
    state: &AppState,
    id: Uuid,
    org: &org_row::Model,
    request: Option<&request_row::Model>,
    form: TaskForm,
) -> Result<ActiveModel, DispatchError> {
    let now = state.clock.now();
    let times = form::times(&form, now)?;
    form::turnout(&form)?;
    let audience = form.audience.clone().unwrap_or_default();
    let ring = ring(tx, org, audience.ring).await?;
    if let Some(lead) = form.lead_id {
        check_lead(tx, lead, &ring).await?;
    }
    let title = form.title.or_else(|| request.map(|request| request.title.clone()));
    let title =
        title.ok_or_else(|| fault("title", "required", "请填写 title", "title is required"))?;
    let place = match form.place {
        Some(place) => Some(place),
        None => request.map(|request| request::place_of(state, request)).transpose()?.flatten(),
    };
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
        volunteers: Set(audience.volunteers),
        updated_at: Set(now),
        ..Default::default()
    })
}

/// The org whose pool the task sits in: its own, or the ancestor of the kind asked for.
async fn ring(
    tx: &Tx,
    org: &org_row::Model,
    kind: Option<OrgKind>,
) -> Result<org_row::Model, DispatchError> {
    let Some(kind) = kind.filter(|kind| *kind != org.kind) else { return Ok(org.clone()) };
    let found = org::ancestor_of_kind(&**tx, org, kind).await?;
    Ok(found.ok_or_else(|| {
        let zh = "上级组织里没有这一级，请改选范围";
        fault("audience.ring", "value", zh, "No such org above")
    })?)
}

/// A lead belongs to the ring: has a confirmed place in it.
async fn check_lead(tx: &Tx, lead: Uuid, ring: &org_row::Model) -> Result<(), DispatchError> {
    let places = people::places(&**tx, lead).await?;
    let inside = places.iter().any(|place| {
        place.state == membership::MembershipState::Confirmed
            && place.org_path.starts_with(&ring.path)
    });
    if inside {
        return Ok(());
    }
    let zh = "负责人要是这个范围里的成员";
    Err(fault("lead_id", "value", zh, "The lead must belong to the ring").into())
}
