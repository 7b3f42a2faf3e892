//! A request as the resident who asked, the one it was asked for, and the office that handles it see it.

use std::collections::HashMap;

use ::entity::request::{Model, RequestState};
use entity::At;
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    content::{self, Mark, photo},
    file::{self, Attached, FileView},
    identity::{Scope, people},
    kernel::Error,
    org,
    platform::AppState,
};

use super::{
    beneficiary::{self, BeneficiaryView},
    category::{self, Reply, Safety},
    change::spoken,
    form::PlaceForm,
    model::{self, Level},
    store,
};

/// What urgent requests are answered with: we are no emergency service.
const URGENT_NOTICE: &str = "如果有危险或急病，请先拨打 110、119 或 120。社区看到后会尽快联系您。";

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonRef {
    pub id: Uuid,
    pub name: String,
}

/// The request another one was merged into, as far as its requester may know of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MergedView {
    pub id: Uuid,
    pub state: RequestState,
    pub state_text: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RequestView {
    pub id: Uuid,
    pub org_id: Uuid,
    pub org_name: String,
    pub requester: PersonRef,
    /// For whom it was asked, where it was on somebody's behalf.
    pub beneficiary: Option<BeneficiaryView>,
    pub category: String,
    pub title: String,
    pub detail: String,
    /// `pending`: title, detail and answers wait for somebody of the office to look at them; `refused`: they did not let
    /// them pass. null: nothing stands in the way.
    pub content: Option<Mark>,
    /// What was answered to the category's questions.
    pub answers: Vec<Reply>,
    /// What keeps people safe at such work, where the category says it.
    pub safety: Option<Safety>,
    pub photos: Vec<FileView>,
    pub place: Option<PlaceForm>,
    pub wanted_from: Option<At>,
    pub wanted_to: Option<At>,
    pub urgent: bool,
    /// Urgent and not over: what to do before anything else.
    pub notice: Option<&'static str>,
    pub state: RequestState,
    /// The state in a resident's words.
    pub state_text: &'static str,
    /// What came with the state: why declined or returned, what was asked.
    pub reason: Option<String>,
    /// 首接负责人: the one of the office who looks after it.
    pub owner: Option<PersonRef>,
    /// Who stands in while the owner is away.
    pub deputy: Option<PersonRef>,
    /// The task it was last dispatched to.
    pub task_id: Option<Uuid>,
    /// By when the office promised to react, and to have it done.
    pub first_answer_due: At,
    pub done_due: At,
    /// By when the office must do the next thing; null: nothing waits for the office.
    pub due_at: Option<At>,
    /// How pressing that is now.
    pub level: Option<Level>,
    pub overdue: bool,
    /// While it waits for an answer: when silence closes it.
    pub closes_at: Option<At>,
    /// Closed by silence; nobody has said that it was done.
    pub unconfirmed: bool,
    pub merged_into: Option<MergedView>,
    /// Whole minutes since it was posted.
    pub age_minutes: i64,
    pub created_at: At,
    pub updated_at: At,
}

/// The photos of a request, for those who come to help: what has passed, and what `viewer` uploaded.
///
/// # Errors
/// When they cannot be read.
pub async fn photos(
    db: &impl ConnectionTrait,
    state: &AppState,
    viewer: Uuid,
    id: Uuid,
) -> Result<Vec<FileView>, Error> {
    let mut photos = photo::passed_views(db, state, viewer, (Attached::Request, &[id])).await?;
    Ok(photos.remove(&id).unwrap_or_default())
}

/// Where help is needed, opened.
pub fn place_of(state: &AppState, row: &Model) -> Result<Option<PlaceForm>, Error> {
    let address = state.crypto.open_some("request.address", row.id, row.address.as_ref())?;
    let (lat, lng) = (row.lat, row.lng);
    Ok(row.place_name.clone().map(|name| PlaceForm { name, lat, lng, address }))
}

/// What stands in other tables about a page of requests.
struct Around {
    names: HashMap<Uuid, String>,
    orgs: HashMap<Uuid, String>,
    /// By the one who is away.
    deputies: HashMap<Uuid, Uuid>,
    safety: HashMap<Uuid, Safety>,
    targets: HashMap<Uuid, MergedView>,
    beneficiaries: HashMap<Uuid, BeneficiaryView>,
    marks: HashMap<Uuid, Mark>,
    photos: HashMap<Uuid, Vec<FileView>>,
}

impl Around {
    /// One query for each kind of thing. The rows were found by scope, and what is read here belongs to them.
    async fn of(
        db: &impl ConnectionTrait,
        state: &AppState,
        rows: &[Model],
        now: At,
    ) -> Result<Self, Error> {
        let house = Scope::house();
        let owners: Vec<_> = rows.iter().filter_map(|row| row.owner_id).collect();
        let away = store::deputies(db, &house, owners.clone(), now).await?;
        let deputies: HashMap<_, _> =
            away.iter().map(|row| (row.person_id, row.deputy_id)).collect();
        let named = rows.iter().map(|row| row.requester_id).chain(owners);
        let names = people::names(db, named.chain(deputies.values().copied())).await?;
        let orgs = org::names(db, rows.iter().map(|row| row.org_id)).await?;
        let categories = rows.iter().filter_map(|row| row.category_id).collect();
        let categories = category::by_ids(db, &house, categories).await?;
        let safety = categories.iter().map(|one| (one.id, Safety::from(one))).collect();
        let targets = rows.iter().filter_map(|row| row.merged_into).collect();
        let targets = store::by_ids(db, &house, targets).await?.into_iter().map(|row| {
            let (id, state) = (row.id, row.state);
            (id, MergedView { id, state, state_text: said(&row) })
        });
        let targets = targets.collect();
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let photos = file::views(db, state, Attached::Request, &ids).await?;
        let marks = content::marks(db, ids.iter().copied()).await?;
        let beneficiaries = beneficiary::views(db, state, &house, ids).await?;
        Ok(Self { names, orgs, deputies, safety, targets, beneficiaries, photos, marks })
    }

    fn person(&self, id: Uuid) -> PersonRef {
        PersonRef { id, name: self.names.get(&id).cloned().unwrap_or_default() }
    }
}

/// A row's state in a resident's words.
fn said(row: &Model) -> &'static str {
    if row.to_hotline { "已转市民热线" } else { spoken(row.state) }
}

/// Many rows, with what stands around them read in one query each.
pub(super) async fn many(
    db: &impl ConnectionTrait,
    state: &AppState,
    rows: Vec<Model>,
) -> Result<Vec<RequestView>, Error> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let now = state.clock.now();
    let mut around = Around::of(db, state, &rows, now).await?;
    rows.into_iter().map(|row| viewed(state, &mut around, row, now)).collect()
}

fn viewed(
    state: &AppState,
    around: &mut Around,
    row: Model,
    now: At,
) -> Result<RequestView, Error> {
    let open_some = |column, sealed: Option<_>| state.crypto.open_some(column, row.id, sealed);
    let replies = open_some("request.answers", row.answers.as_ref())?;
    let answers = replies.map_or_else(|| Ok(Vec::new()), |json| serde_json::from_str(&json));
    let level = model::level(row.state, row.due_at, now);
    let deputy = row.owner_id.and_then(|owner| around.deputies.get(&owner).copied());
    Ok(RequestView {
        detail: state.crypto.open("request.detail", row.id, &row.detail)?,
        answers: answers.map_err(|error| Error::broken("read the answers", error))?,
        reason: open_some("request.reason", row.reason.as_ref())?,
        place: place_of(state, &row)?,
        requester: around.person(row.requester_id),
        content: around.marks.get(&row.id).copied(),
        beneficiary: around.beneficiaries.remove(&row.id),
        photos: around.photos.remove(&row.id).unwrap_or_default(),
        org_name: around.orgs.get(&row.org_id).cloned().unwrap_or_default(),
        safety: row.category_id.and_then(|id| around.safety.get(&id).cloned()),
        owner: row.owner_id.map(|id| around.person(id)),
        deputy: deputy.map(|id| around.person(id)),
        merged_into: row.merged_into.and_then(|id| around.targets.get(&id).cloned()),
        notice: (row.urgent && !model::is_over(row.state)).then_some(URGENT_NOTICE),
        level,
        overdue: level == Some(Level::Overdue),
        age_minutes: (now.ms() - row.created_at.ms()).div_euclid(60_000),
        state_text: said(&row),
        id: row.id,
        org_id: row.org_id,
        category: row.category,
        title: row.title,
        wanted_from: row.wanted_from,
        wanted_to: row.wanted_to,
        urgent: row.urgent,
        state: row.state,
        task_id: row.task_id,
        first_answer_due: row.first_answer_due,
        done_due: row.done_due,
        due_at: row.due_at,
        closes_at: row.closes_at,
        unconfirmed: row.unconfirmed,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

pub(super) async fn one(
    db: &impl ConnectionTrait,
    state: &AppState,
    row: Model,
) -> Result<RequestView, Error> {
    let mut views = many(db, state, vec![row]).await?;
    views.pop().ok_or_else(|| Error::impossible("view a request"))
}
