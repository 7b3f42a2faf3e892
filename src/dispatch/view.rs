//! A task as people see it: the public card, the page of those who claimed, the office's page.

use std::collections::HashMap;

use ::entity::task::{Model, TaskState};
use entity::At;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    identity::{Scope, people},
    kernel::Error,
    org,
    platform::AppState,
    request::{self, PersonRef, Safety},
};

use super::{audience, form::Audience, model, store, widen::Widening};

/// Where it is, as far as everybody may know: rounded to about 100 m; for a resident's request the name of the
/// community only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CoarsePlace {
    pub name: String,
    /// GCJ-02, degrees.
    pub lat: Option<f64>,
    /// GCJ-02, degrees.
    pub lng: Option<f64>,
}

/// The public part of a task. Holds nothing personal: it also rests in Redis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Card {
    pub id: Uuid,
    pub org_id: Uuid,
    pub org_name: String,
    pub title: String,
    pub place: Option<CoarsePlace>,
    pub slots: i32,
    /// Seats held by claims.
    pub filled: i32,
    /// Seats kept for people who were asked by name.
    pub held: i32,
    /// Seats kept for people who serve for the first time, until `keep_until`.
    #[serde(default)]
    pub keep_new: i32,
    /// 1 while one is kept for somebody experienced, until `keep_until`.
    #[serde(default)]
    pub keep_lead: i32,
    #[serde(default)]
    pub keep_until: Option<At>,
    /// Until when people sign up for the draw; null: who comes first.
    #[serde(default)]
    pub draw_at: Option<At>,
    /// When it was drawn.
    #[serde(default)]
    pub drawn_at: Option<At>,
    pub state: TaskState,
    pub starts_at: At,
    pub ends_at: At,
    pub opens_at: At,
    pub claim_until: At,
    pub leave_until: At,
    pub skills: Vec<String>,
    /// The org whose members, and those below it, may claim.
    pub ring_org_id: Uuid,
    /// Neighbouring orgs that agreed to lend their people: these may claim too.
    #[serde(default)]
    pub lent_by: Vec<Uuid>,
    /// Registered volunteers may claim too.
    pub volunteers: bool,
    /// Only people the office named see it and may claim.
    #[serde(default)]
    pub named: bool,
    /// Its times were moved: claimants say by then whether they still come.
    #[serde(default)]
    pub reconfirm_by: Option<At>,
    pub points: i32,
    /// What keeps people safe at it, where the category of the request says it.
    #[serde(default)]
    pub safety: Option<Safety>,
    /// Moves with every change.
    pub ver: i64,
}

/// What a task's place is called before anybody claims it: a resident's own place is no more than the org's.
pub fn place_named(task: &Model, org_name: &str) -> Option<String> {
    match (&task.place_name, task.request_id) {
        (Some(name), None) => Some(name.clone()),
        (Some(_), Some(_)) => Some(org_name.to_owned()),
        (None, _) => None,
    }
}

/// What is known of a task before it is written.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub slots: i32,
    pub starts_at: At,
    pub ends_at: At,
}

impl Card {
    /// As the task of an org would look if it were posted now with nothing but that.
    pub fn beforehand(org_id: Uuid, wanted: Wanted, now: At) -> Self {
        let Wanted { slots, starts_at, ends_at } = wanted;
        Self {
            id: Uuid::nil(),
            org_id,
            org_name: String::new(),
            title: String::new(),
            place: None,
            slots,
            filled: 0,
            held: 0,
            keep_new: 0,
            keep_lead: 0,
            keep_until: None,
            draw_at: None,
            drawn_at: None,
            state: TaskState::Open,
            starts_at,
            ends_at,
            opens_at: now,
            claim_until: starts_at,
            leave_until: starts_at,
            skills: Vec::new(),
            ring_org_id: org_id,
            lent_by: Vec::new(),
            volunteers: false,
            named: false,
            reconfirm_by: None,
            points: 0,
            safety: None,
            ver: 0,
        }
    }

    fn of(task: &Model, org_name: &str, lent_by: Vec<Uuid>, safety: Option<Safety>) -> Self {
        let round = |degrees: f64| (degrees * 1000.0).round() / 1000.0;
        let place = place_named(task, org_name).map(|name| CoarsePlace {
            name,
            lat: task.lat.map(round),
            lng: task.lng.map(round),
        });
        Self {
            id: task.id,
            org_id: task.org_id,
            org_name: org_name.to_owned(),
            title: task.title.clone(),
            place,
            slots: task.slots,
            filled: task.used,
            held: task.held,
            keep_new: task.keep_new,
            keep_lead: task.keep_lead,
            keep_until: task.keep_until,
            draw_at: task.draw_at,
            drawn_at: task.drawn_at,
            state: task.state,
            starts_at: task.starts_at,
            ends_at: task.ends_at,
            opens_at: task.opens_at,
            claim_until: task.claim_until,
            leave_until: task.leave_until,
            skills: task.skills.0.clone(),
            ring_org_id: task.ring_org_id,
            lent_by,
            volunteers: task.volunteers,
            named: task.named,
            reconfirm_by: task.reconfirm_by,
            points: task.points,
            safety,
            ver: task.ver,
        }
    }

    /// Seats that anybody may have; those that are kept for some, where `kept` is one of them.
    pub fn free(&self, kept: bool) -> i32 {
        let left = self.slots - self.filled - self.held;
        if kept { left } else { left - self.keep_new - self.keep_lead }
    }

    /// Whether it can still be claimed by somebody.
    pub fn is_offered(&self, now: At) -> bool {
        self.state == TaskState::Open && self.claim_until > now
    }

    /// The orgs in whose pools it stands.
    pub fn pools(&self) -> impl Iterator<Item = Uuid> {
        [self.ring_org_id].into_iter().chain(self.lent_by.iter().copied())
    }

    /// Whether it stands in one of these pools.
    pub fn is_within(&self, rings: &[Uuid]) -> bool {
        self.pools().any(|pool| rings.contains(&pool))
    }
}

/// Cards of many tasks; the names of their orgs, who lends people to them and what keeps people safe are read for
/// all of them at once.
pub async fn cards(db: &impl ConnectionTrait, tasks: &[Model]) -> Result<Vec<Card>, Error> {
    let names: HashMap<Uuid, String> = org::names(db, tasks.iter().map(|task| task.org_id)).await?;
    let mut lent = store::lenders(db, tasks.iter().map(|task| task.id)).await?;
    let mut categories: Vec<_> = tasks.iter().filter_map(|task| task.category_id).collect();
    categories.sort_unstable();
    categories.dedup();
    let safety = request::safety(db, &Scope::house(), categories).await?;
    let card = |task: &Model| {
        let safety = task.category_id.and_then(|id| safety.get(&id).cloned());
        let name = names.get(&task.org_id).map_or("", String::as_str);
        Card::of(task, name, lent.remove(&task.id).unwrap_or_default(), safety)
    };
    Ok(tasks.iter().map(card).collect())
}

/// How much of a task somebody may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum See {
    /// Anybody in its ring.
    Card,
    /// From the claim until it is confirmed.
    Claimant,
    /// The office and the lead.
    Staff,
}

/// Whom to call; shown to claimants from claim to confirmation, and to the office.
#[derive(Debug, Serialize, ToSchema)]
pub struct Contact {
    pub name: String,
    pub phone: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TaskView {
    #[serde(flatten)]
    pub card: Card,
    pub state_text: &'static str,
    /// Counts edits; `PUT` wants it back as `If-Match`.
    pub rev: i64,
    pub request_id: Option<Uuid>,
    pub min_turnout: Option<i32>,
    pub lead: Option<PersonRef>,
    /// For claimants and the office: how to reach the lead.
    pub lead_phone: Option<String>,
    /// For the office and the lead: the people it is for, where it is for some alone.
    pub people: Vec<PersonRef>,
    /// For the office and the lead: whom it is for, as the form takes it.
    pub audience: Option<Audience>,
    /// For the office and the lead: how far it is put, and how it goes on.
    pub widening: Option<Widening>,
    /// Why it was cancelled.
    pub reason: Option<String>,
    /// What was reported.
    pub report: Option<String>,
    /// For claimants and the office: where to meet, what to bring.
    pub notes: Option<String>,
    /// For claimants and the office.
    pub place_name: Option<String>,
    /// For claimants and the office.
    pub address: Option<String>,
    /// For claimants and the office: the resident who asked.
    pub contact: Option<Contact>,
    /// For the office and the lead: shown at the place, proves presence.
    pub check_in_code: Option<String>,
    pub reported_at: Option<At>,
    pub confirmed_at: Option<At>,
    pub created_at: At,
}

/// A task with as much as `see` allows.
pub async fn view(
    db: &impl ConnectionTrait,
    state: &AppState,
    task: Model,
    see: See,
) -> Result<TaskView, Error> {
    let card = cards(db, std::slice::from_ref(&task)).await?.pop();
    let card = card.ok_or_else(|| Error::impossible("view a task"))?;
    let lead = match task.lead_id {
        None => None,
        Some(id) => people::names(db, [id]).await?.remove(&id).map(|name| PersonRef { id, name }),
    };
    let inside = see != See::Card;
    let lead_phone = match task.lead_id.filter(|_| inside) {
        None => None,
        Some(id) => people::phone(db, state, id).await?,
    };
    let people = if see == See::Staff && task.named { named(db, task.id).await? } else { vec![] };
    let audience = match see {
        See::Staff => Some(audience::written(db, &task, &people).await?),
        See::Card | See::Claimant => None,
    };
    let address = state.crypto.open_some("task.address", task.id, task.address.as_ref())?;
    Ok(TaskView {
        card,
        state_text: model::spoken(task.state),
        rev: task.rev,
        request_id: task.request_id.filter(|_| inside),
        min_turnout: task.min_turnout,
        lead,
        lead_phone,
        people,
        audience,
        widening: (see == See::Staff).then(|| Widening::of(&task)),
        reason: task.reason,
        report: task.report.filter(|_| inside),
        notes: task.notes.filter(|_| inside),
        place_name: task.place_name.filter(|_| inside),
        address: address.filter(|_| inside),
        contact: None,
        check_in_code: (see == See::Staff).then_some(task.check_in_code),
        reported_at: task.reported_at,
        confirmed_at: task.confirmed_at,
        created_at: task.created_at,
    })
}

/// The people a task was made for, by name; whoever sees it as staff may know.
async fn named(db: &impl ConnectionTrait, task_id: Uuid) -> Result<Vec<PersonRef>, Error> {
    let ids = store::named_for(db, &Scope::house(), task_id).await?;
    let mut names = people::names(db, ids.iter().copied()).await?;
    let person = |id| PersonRef { id, name: names.remove(&id).unwrap_or_default() };
    Ok(ids.into_iter().map(person).collect())
}
