//! Changing what is written about a task that people may have claimed: never when it is or how many it takes, and
//! always telling what changed.

use ::entity::{
    org::Model as Org,
    request as request_row,
    task::{Model, Skills},
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use crate::{
    kernel::Error,
    org,
    platform::{AppState, Tx, http::problem::FieldFault},
    request::PlaceForm,
};

use super::{
    audience,
    change::{TaskError, apply},
    form::{self, TaskForm},
    keep,
    model::Command,
    post::{Author, DispatchError, fault, place},
    safety, store,
    view::{See, TaskView, view},
    widen::rings,
};

/// Says what changed without saying where anybody lives.
struct Changes(Vec<String>);

impl Changes {
    fn said(&mut self, what: &str, old: Option<&str>, new: Option<&str>) {
        if old != new {
            let quoted =
                |text: Option<&str>| text.map_or("无".into(), |text| format!("「{text}」"));
            self.0.push(format!("{what}：{} → {}", quoted(old), quoted(new)));
        }
    }

    /// Only that it changed.
    fn unsaid<T: PartialEq>(&mut self, what: &str, old: &T, new: &T) {
        if old != new {
            self.0.push(format!("{what}有更新"));
        }
    }
}

/// Changes title, place, notes, lead and minimum of an open task; all else must stay as it is.
///
/// # Errors
/// Names the field that can no longer change.
pub(super) async fn change(
    tx: &Tx,
    state: &AppState,
    author: &Author,
    org: &Org,
    task: Model,
    request: Option<&request_row::Model>,
    form: TaskForm,
) -> Result<TaskView, DispatchError> {
    if let Some(fault) = frozen(&task, &form) {
        return Err(fault.into());
    }
    form::turnout(&form)?;
    safety::check(&**tx, task.category_id, form.slots, form.lead_id).await?;
    let ring = audience_of(tx, author, org, &task, &form).await?;
    if let Some(lead) = form.lead_id.filter(|lead| Some(*lead) != task.lead_id) {
        audience::check_lead(tx, lead, &[org, &ring]).await?;
    }
    let place = place(state, &form, request)?;
    let title = form.title.as_deref().map_or(task.title.as_str(), str::trim).to_owned();
    let words = told(state, &task, &title, place.as_ref(), &form)?;
    if words.is_empty() {
        return Ok(view(&**tx, state, task, See::Staff).await?);
    }
    let (id, rev) = (task.id, task.rev);
    let seal = |address: String| state.crypto.seal("task.address", id, &address);
    let by = (author.actor(), Some(words.join("；")));
    let task = apply(tx, state, task, Command::Change, by, |row| {
        row.rev = Set(rev + 1);
        row.title = Set(title);
        row.notes = Set(form.notes);
        row.lead_id = Set(form.lead_id);
        row.min_turnout = Set(form.min_turnout);
        row.place_name = Set(place.as_ref().map(|place| place.name.clone()));
        row.lat = Set(place.as_ref().and_then(|place| place.lat));
        row.lng = Set(place.as_ref().and_then(|place| place.lng));
        row.address = Set(place.and_then(|place| place.address).map(seal));
    })
    .await?;
    Ok(view(&**tx, state, task, See::Staff).await?)
}

/// The first field that is written differently and must not be.
fn frozen(task: &Model, form: &TaskForm) -> Option<FieldFault> {
    let moved =
        |field: &str| fault(field, "value", "任务已发布，时间请用「改期」调整", "Reschedule it");
    let kept =
        |field: &str| fault(field, "value", "任务已发布，这一项不能再改", "Kept once it is open");
    let other = |new: Option<entity::At>, old| new.is_some_and(|new| new != old);
    let skills = form.skills.clone().map(Skills);
    let checks = [
        (form.starts_at != task.starts_at, moved("starts_at")),
        (form.ends_at != task.ends_at, moved("ends_at")),
        (other(form.opens_at, task.opens_at), moved("opens_at")),
        (other(form.claim_until, task.claim_until), moved("claim_until")),
        (other(form.leave_until, task.leave_until), moved("leave_until")),
        (
            form.slots != task.slots,
            fault("slots", "value", "任务已发布，名额请用「增减名额」调整", "Resize it"),
        ),
        (skills.is_some_and(|skills| skills != task.skills), kept("skills")),
        (form.keep.as_ref().is_some_and(|keep| !keep::says(task, keep)), kept("keep")),
        (form.draw_at.is_some() && form.draw_at != task.draw_at, kept("draw_at")),
        (form.points.is_some_and(|points| points != task.points), kept("points")),
    ];
    checks.into_iter().find(|(differs, _)| *differs).map(|(_, fault)| fault)
}

/// The ring the task has; an audience, where one is written, must be the very same.
async fn audience_of(
    tx: &Tx,
    author: &Author,
    org: &Org,
    task: &Model,
    form: &TaskForm,
) -> Result<Org, DispatchError> {
    if let Some(asked) = &form.audience {
        let ring = audience::settle(tx, &author.scope, org, form).await?;
        let stays = asked.widens_to.is_none() || rings(&ring, form).1 == task.last_ring;
        let same = ring.id == task.ring_org_id
            && stays
            && asked.volunteers == task.volunteers
            && form.people() == store::named_for(&**tx, &author.scope, task.id).await?;
        if !same {
            let zh = "任务已发布，面向的人不能再改";
            return Err(fault("audience", "value", zh, "The audience stays once it is open").into());
        }
    }
    let ring = org::find(&**tx, task.ring_org_id).await?;
    Ok(ring.ok_or_else(|| Error::impossible("read the ring of a task"))?)
}

fn told(
    state: &AppState,
    task: &Model,
    title: &str,
    place: Option<&PlaceForm>,
    form: &TaskForm,
) -> Result<Vec<String>, Error> {
    let mut changes = Changes(Vec::new());
    changes.said("标题", Some(&task.title), Some(title));
    let (old, new) = (task.place_name.as_deref(), place.map(|place| place.name.as_str()));
    let at_home = task.request_id.is_some();
    if at_home {
        changes.unsaid("地点", &old, &new);
    } else {
        changes.said("地点", old, new);
    }
    let address = state.crypto.open_some("task.address", task.id, task.address.as_ref())?;
    let point = |place: &PlaceForm| (place.lat, place.lng, place.address.clone());
    let new = place.map_or((None, None, None), point);
    changes.unsaid("具体位置", &(task.lat, task.lng, address), &new);
    changes.unsaid("注意事项", &task.notes, &form.notes);
    changes.unsaid("负责人", &task.lead_id, &form.lead_id);
    let number = |least: Option<i32>| least.map(|least| least.to_string());
    let (old, new) = (number(task.min_turnout), number(form.min_turnout));
    changes.said("最少人数", old.as_deref(), new.as_deref());
    Ok(changes.0)
}

/// Names who leads on the spot.
///
/// # Errors
/// `NotFound`, `NotNow` once it is over, a fault of `user_id` for somebody who does not belong there.
pub(super) async fn lead(
    tx: &Tx,
    state: &AppState,
    author: &Author,
    id: Uuid,
    lead: Uuid,
) -> Result<Model, DispatchError> {
    let task = store::lock(tx, &author.scope, id).await?.ok_or(TaskError::NotFound)?;
    let org = org::find(&**tx, task.org_id).await?;
    let ring = org::find(&**tx, task.ring_org_id).await?;
    let (Some(org), Some(ring)) = (org, ring) else {
        return Err(Error::impossible("read the orgs of a task").into());
    };
    let belongs = audience::check_lead(tx, lead, &[&org, &ring]).await;
    belongs.map_err(|error| match error {
        DispatchError::Task(TaskError::Field(fault)) => {
            FieldFault { field: "user_id".into(), ..fault }.into()
        }
        other => other,
    })?;
    if task.lead_id == Some(lead) {
        return Ok(task);
    }
    let (rev, by) = (task.rev, (author.actor(), Some("负责人有更新".to_owned())));
    let named = apply(tx, state, task, Command::Change, by, |row| {
        row.lead_id = Set(Some(lead));
        row.rev = Set(rev + 1);
    });
    Ok(named.await?)
}
