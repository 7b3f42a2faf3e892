//! 为什么不能接: every reason against a person's claim, for the office. What else that person has to do is not named:
//! it may be another community's.

use std::collections::{HashMap, HashSet};

use entity::At;
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    dispatch::{self, Card, cards},
    identity::{Dispatcher, people},
    kernel::Error,
    org,
    platform::{
        AppState,
        http::{Problem, problem::NOT_FOUND},
    },
    request::PersonRef,
};

use super::{
    assign::speaks_of,
    facts,
    model::{Member, open_on, reasons},
    queue,
    refusal::Refusal,
};

/// One reason against it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Against {
    /// As in the refusal of a claim.
    pub code: &'static str,
    pub message: String,
    /// The office may set it aside when it assigns, with a reason.
    pub soft: bool,
    #[serde(skip)]
    refusal: Refusal,
}

/// Why somebody can or cannot take a seat.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhyView {
    pub user: PersonRef,
    pub can_claim: bool,
    pub reasons: Vec<Against>,
}

impl Against {
    pub(super) fn problem(self) -> Problem {
        let kind = self.refusal.kind();
        Problem::from(kind).say(self.message, kind.en).with("soft", self.soft)
    }
}

/// A reason against somebody else's claim, in the office's words.
pub(super) fn about(refusal: &Refusal) -> Against {
    let message = match refusal {
        Refusal::TimeClash(_) => "对方这段时间另有任务".to_owned(),
        Refusal::NeedsRest { hours, .. } => format!("和对方的另一个任务之间不足 {hours} 小时休息"),
        other => other.zh().replace('您', "对方"),
    };
    Against {
        code: refusal.kind().code,
        message,
        soft: refusal.is_soft(),
        refusal: refusal.clone(),
    }
}

/// Why this person can or cannot take a seat of a task now.
pub(super) async fn why(
    state: &AppState,
    office: &Dispatcher,
    task_id: Uuid,
    person: Uuid,
) -> Result<WhyView, Problem> {
    let (db, scope, now) = (state.db.read(), office.scope(), state.clock.now());
    let task = dispatch::find_for_staff(db, &scope, task_id).await?.ok_or(NOT_FOUND)?;
    speaks_of(db, office, &task, person).await?;
    let mut card = cards(db, std::slice::from_ref(&task)).await?.remove(0);
    open_on(&mut card, queue::live_for(db, &scope, (task_id, person)).await?.as_ref(), now);
    let rules = org::settings_of(db, [task.org_id]).await?.remove(&task.org_id);
    let member = facts::member(db, person, now).await?;
    let against = reasons(&card, &member, &rules.unwrap_or_default(), now);
    let name = people::names(db, [person]).await?.remove(&person).unwrap_or_default();
    Ok(WhyView {
        user: PersonRef { id: person, name },
        can_claim: against.is_empty(),
        reasons: against.iter().map(about).collect(),
    })
}

/// What a person could do at a task, and what is against it.
#[derive(Debug)]
pub struct Fit {
    pub skills: HashSet<String>,
    /// In the office's words; a seat that is missing just now is not against anybody.
    pub against: Option<String>,
}

/// The same of many people at once.
///
/// # Errors
/// When it cannot be read what they do.
pub async fn fits(
    db: &impl ConnectionTrait,
    card: &Card,
    people: &[Uuid],
    now: At,
) -> Result<HashMap<Uuid, Fit>, Error> {
    let rules = org::settings_of(db, [card.org_id]).await?.remove(&card.org_id);
    let rules = rules.unwrap_or_default();
    let fit = |(id, member): (Uuid, Member)| {
        let mut against = reasons(card, &member, &rules, now).into_iter();
        let against = against.find(|refusal| !refusal.is_of_seats());
        let against = against.map(|refusal| about(&refusal).message);
        (id, Fit { skills: member.skills, against })
    };
    Ok(facts::members(db, people, now).await?.into_iter().map(fit).collect())
}
