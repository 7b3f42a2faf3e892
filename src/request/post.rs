//! Posting a request, and mending it before the office has taken it up.

use std::time::Duration;

use ::entity::{
    Sealed,
    category::{Model as Category, Questions},
    org as org_row,
    request::{ActiveModel, Model, RequestState},
};
use entity::At;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait};
use uuid::Uuid;

use crate::{
    content::{self, Checked, ContentError, Subject},
    file::{self, AttachError, Attached, Owner},
    identity::{Resident, Scope},
    kernel::{Day, Error, Event},
    org,
    platform::{
        AppState, Tx,
        db::Step,
        http::{Problem, problem::FieldFault},
        outbox,
    },
};

use super::{
    beneficiary, category,
    category::Reply,
    change::{By, RequestError, apply, fact},
    form::{Amendment, RequestForm, check_times, fault},
    model::{Command, Promise},
    store,
    view::{self, RequestView},
    words,
};

#[derive(Debug, thiserror::Error)]
pub enum PostError {
    #[error("a field is not right")]
    Field(FieldFault),
    #[error(transparent)]
    Refused(#[from] RequestError),
    #[error(transparent)]
    Words(#[from] ContentError),
    #[error(transparent)]
    Photos(#[from] AttachError),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<PostError> for Problem {
    fn from(error: PostError) -> Self {
        match error {
            PostError::Field(fault) => Self::fields(vec![fault]),
            PostError::Refused(error) => error.into(),
            PostError::Words(error) => error.into(),
            PostError::Photos(error) => error.into(),
            PostError::Broken(error) => error.into(),
        }
    }
}

impl From<FieldFault> for PostError {
    fn from(fault: FieldFault) -> Self {
        Self::Field(fault)
    }
}

/// Posts a request in the caller's transaction; `checked` is what WeChat made of its words.
///
/// # Errors
/// `Field` for times that cannot be, an org that takes no requests, a category it does not offer, a question of the
/// category left open.
pub(super) async fn post(
    tx: &Tx,
    state: &AppState,
    me: &Resident,
    form: RequestForm,
    checked: Option<Checked>,
) -> Result<RequestView, PostError> {
    let now = state.clock.now();
    check_times(form.wanted_from, form.wanted_to, now)?;
    let org = org::find(&**tx, form.org_id).await?.filter(org::takes_requests);
    let org =
        org.ok_or_else(|| fault("org_id", "value", "请选择您所在的社区", "Choose a community"))?;
    let category = chosen(tx, &org, form.category.trim()).await?;
    let questions = category.as_ref().map(|one| &one.questions);
    category::check_replies(questions.map_or(&[], |asked| &asked.0), &form.answers)?;
    let promise = promised(&**tx, &org, category.as_ref(), now).await?;
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
        first_answer_due: Set(promise.first_answer),
        done_due: Set(promise.done),
        task_id: Set(None),
        work_started_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
        category_id: Set(category.map(|category| category.id)),
        answers: Set(sealed_replies(state, id, &form.answers)?),
        owner_id: Set(None),
        due_at: Set(Some(promise.first_answer)),
        closes_at: Set(None),
        closed_at: Set(None),
        unconfirmed: Set(false),
        merged_into: Set(None),
        to_hotline: Set(false),
    };
    let row = row.insert(&**tx).await.step("store the request")?;
    if let Some(other) = form.on_behalf_of {
        beneficiary::add(tx, state, id, &other).await?;
    }
    show(tx, state, me, &row, &form.photo_ids).await?;
    content::keep(tx, state, words::subject(&row), checked, &words::stored(state, &row)?).await?;
    let by = By { actor: Some(me.id()), words: None };
    outbox::record(&**tx, state, [fact(&row, Event::RequestSubmitted, &by)]).await?;
    Ok(view::one(&**tx, state, row).await?)
}

/// The category of that name, where the org offers any; None where every word will do.
async fn chosen(tx: &Tx, org: &org_row::Model, name: &str) -> Result<Option<Category>, PostError> {
    let mut offered = category::in_force(&**tx, org).await?;
    offered.retain(|category| category.active);
    if offered.is_empty() {
        return Ok(None);
    }
    let names: Vec<_> = offered.iter().map(|category| category.name.as_str()).collect();
    let zh = format!("请从这些类别里选：{}", names.join("、"));
    let found = offered.into_iter().find(|category| category.name == name);
    let en = "Choose one of the categories of this community";
    found.map(Some).ok_or_else(|| fault("category", "value", zh, en).into())
}

/// What the office promises from now on: hours to a first answer, working days until it is done.
async fn promised(
    db: &impl ConnectionTrait,
    org: &org_row::Model,
    category: Option<&Category>,
    now: At,
) -> Result<Promise, Error> {
    let usual = org::settings_of(db, [org.id]).await?.remove(&org.id).unwrap_or_default();
    let hours = category.and_then(|one| one.promise_first_hours);
    let hours = hours.unwrap_or(usual.promise_first_hours).unsigned_abs();
    let days = category.and_then(|one| one.promise_done_days);
    let days = days.unwrap_or(usual.promise_done_days).unsigned_abs();
    let last = org::calendar::working_day_after(db, Day::of(now), days).await?;
    let first_answer = now.plus(Duration::from_secs(u64::from(hours) * 3600));
    Ok(Promise { first_answer, done: last.end() })
}

/// What was answered, as it rests.
fn sealed_replies(state: &AppState, id: Uuid, replies: &[Reply]) -> Result<Option<Sealed>, Error> {
    if replies.is_empty() {
        return Ok(None);
    }
    let json = serde_json::to_string(replies);
    let json = json.map_err(|error| Error::broken("write the answers down", error))?;
    Ok(Some(state.crypto.seal("request.answers", id, &json)))
}

/// Mends one's own request; one that waits for information goes back to the office.
///
/// # Errors
/// `NotFound` for another's, `NotNow` once it was taken up, `Field` for impossible times or answers, `Words` for what
/// may not be said.
pub(super) async fn amend(
    state: &AppState,
    me: &Resident,
    id: Uuid,
    change: Amendment,
) -> Result<Model, PostError> {
    let now = state.clock.now();
    check_times(change.wanted_from, change.wanted_to, now)?;
    let own: Scope = me.own_scope();
    let asked_about = words::touches(&change);
    let checked = if asked_about {
        let row = store::find(state.db.read(), &own, id).await?.ok_or(RequestError::NotFound)?;
        words::look_again(state, me.id(), &row, &change).await?
    } else {
        None
    };
    let tx = state.db.write().await?;
    let row = store::locked(&tx, &own, id).await?.ok_or(RequestError::NotFound)?;
    let questions = asked(&tx, &own, &row).await?;
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
    if let Some(replies) = change.answers {
        category::check_replies(&questions.0, &replies)?;
        row.answers = Set(sealed_replies(state, id, &replies)?);
    }
    row.updated_at = Set(now);
    let row = row.update(&*tx).await.step("mend the request")?;
    if let Some(photos) = change.photo_ids {
        show(&tx, state, me, &row, &photos).await?;
    }
    if asked_about {
        let subject = Subject { author_id: me.id(), ..words::subject(&row) };
        content::keep(&tx, state, subject, checked, &words::stored(state, &row)?).await?;
    }
    tx.commit().await?;
    Ok(row)
}

/// Gives a request these photos, in place of those it had.
async fn show(
    tx: &Tx,
    state: &AppState,
    me: &Resident,
    row: &Model,
    photos: &[Uuid],
) -> Result<(), AttachError> {
    let owner = Owner { kind: Attached::Request, id: row.id, org_id: row.org_id };
    file::attach(tx, state, me.id(), owner, photos).await
}

/// The questions of a request's category.
async fn asked(tx: &Tx, scope: &Scope, row: &Model) -> Result<Questions, Error> {
    let ids = row.category_id.into_iter().collect();
    let found = category::by_ids(&**tx, scope, ids).await?.pop();
    Ok(found.map(|category| category.questions).unwrap_or_default())
}
