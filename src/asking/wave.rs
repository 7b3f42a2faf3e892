//! 一批一批地请: while seats are free, the fewest people who are likely to fill them are asked, and when their time is
//! over the next. What is known of people is read before the transaction, so that only writing takes the writer's turn.
//!
//! ```text
//! a wave is due ─► facts of the ring ─► matching::choose ─► asks + task.asked, once ─► telling
//!       ▲                                                         └─ its deadline, seats still free ─┐
//!       └────────────────────────────────────────────────────────────────────────────────────────────┘
//! ```

use ::entity::{
    At,
    ask::{AskAnswer, Model as Ask},
    task::Model,
};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    claim::{self, Asking, WaveOf},
    dispatch::{self, Sent, cards, named_for, next_wave, wave_due},
    identity::{Dispatcher, Resident, Scope, people},
    kernel::Error,
    matching::{Candidate, Need, Plan, Wave, WhyNot, choose, why_these, why_you},
    org,
    platform::{
        AppState,
        http::{Problem, problem::NOT_FOUND},
    },
    request::PersonRef,
};

use super::{
    suggest::gather,
    widen::{Looked, plan_of},
};

/// Tasks looked at in one round: each costs a handful of queries.
const ROUND: u64 = 50;

/// One round: sends every wave that is due. Any number of replicas may run it.
///
/// # Errors
/// When it cannot be read what is due.
pub async fn ask_due(state: &AppState) -> Result<Looked, Error> {
    let due = wave_due(state.db.read(), &Scope::house(), state.clock.now(), ROUND).await?;
    let mut done = Looked { more: due.len() as u64 == ROUND, ..Looked::default() };
    for task in due {
        done.count(task.id, one(state, &task).await);
    }
    // What keeps failing waits for the next round.
    done.more &= done.failed == 0;
    Ok(done)
}

/// One task. Answers whether anybody was asked.
async fn one(state: &AppState, task: &Model) -> Result<bool, Error> {
    let (db, now) = (state.db.read(), state.clock.now());
    let rules = org::settings_of(db, [task.org_id]).await?.remove(&task.org_id).unwrap_or_default();
    let (plan, _) = plan_of(db, task, rules.quiet()).await?;
    let next = plan.wave_ends(now);
    let asking = match rules.waves_enabled {
        true => whom(state, task, &plan, now).await?,
        false => Asked::default(),
    };
    let id = state.rng.id(now);
    let sent = !asking.people.is_empty();
    let tx = state.db.write().await?;
    let said = sent.then_some(Sent { id, words: asking.words });
    if !next_wave(&tx, state, task, next, said).await? {
        return Ok(false);
    }
    if sent {
        let wave = WaveOf { task, id, number: task.wave + 1, answer_by: next };
        metrics::counter!("linli_people_asked_total").increment(asking.people.len() as u64);
        claim::ask(&tx, state, wave, asking.people).await?;
    }
    tx.commit().await?;
    Ok(sent)
}

/// Whom a wave asks, and why these.
#[derive(Default)]
struct Asked {
    people: Vec<Asking>,
    words: String,
}

async fn whom(state: &AppState, task: &Model, plan: &Plan, now: At) -> Result<Asked, Error> {
    let db = state.db.read();
    let card = cards(db, std::slice::from_ref(task)).await?.remove(0);
    let (mut found, habits) = gather(state, &card, now).await?;
    spare_the_named(db, task, &mut found).await?;
    let asks = claim::asks_of(db, &Scope::house(), task.id).await?;
    let need = Need {
        open: usize::try_from(card.free(false)).unwrap_or(0),
        skills: card.skills.clone(),
        now,
        by: plan.wave_ends(now),
        waiting: asks.iter().filter(|ask| waits(ask, now)).map(chance).collect(),
        later: plan.waves_after(now),
    };
    let wave = choose(&need, &found, &habits);
    Ok(Asked { words: why_these(&need, &wave), people: asking(&need, &found, wave) })
}

/// Who leads it, or was named for it before it opened to all, has heard of it.
async fn spare_the_named(
    db: &impl ConnectionTrait,
    task: &Model,
    found: &mut [Candidate],
) -> Result<(), Error> {
    let mut told = named_for(db, &Scope::house(), task.id).await?;
    told.extend(task.lead_id);
    for one in found.iter_mut().filter(|one| told.contains(&one.id)) {
        one.against.get_or_insert(WhyNot::AskedAlready(task.opens_at));
    }
    Ok(())
}

fn asking(need: &Need, found: &[Candidate], wave: Wave) -> Vec<Asking> {
    let of = |id: Uuid| found.iter().find(|one| one.id == id);
    let picks = wave.picks.into_iter().filter_map(|pick| Some((of(pick.id)?, pick)));
    picks
        .map(|(candidate, pick)| Asking {
            person: pick.id,
            chance: pick.chance,
            reason: pick.zh(),
            why_you: why_you(need, candidate, &pick.score),
        })
        .collect()
}

fn waits(ask: &Ask, now: At) -> bool {
    ask.answer == AskAnswer::Waiting && ask.answer_by > now
}

fn chance(ask: &Ask) -> f64 {
    f64::from(ask.chance) / 1000.0
}

/// Somebody who was asked, for the office.
#[derive(Debug, Serialize, ToSchema)]
pub struct AskView {
    pub user: PersonRef,
    /// Which wave of the task it was, from 1.
    pub wave: i32,
    /// Why them, in words.
    #[schema(example = "会做，好久没轮到，来的可能 32%")]
    pub reason: String,
    pub asked_at: At,
    /// By when answers counted for the wave.
    pub answer_by: At,
    pub answer: AskAnswer,
    /// The same in words.
    #[schema(example = "还没有回应")]
    pub answer_text: &'static str,
    pub answered_at: Option<At>,
}

fn said(answer: AskAnswer) -> &'static str {
    match answer {
        AskAnswer::Waiting => "还没有回应",
        AskAnswer::Yes => "愿意来",
        AskAnswer::No => "这次来不了",
    }
}

/// Who was asked for a task of the caller's office, wave by wave.
///
/// # Errors
/// `NOT_FOUND` out of reach.
pub(super) async fn asked(
    state: &AppState,
    office: &Dispatcher,
    id: Uuid,
) -> Result<Vec<AskView>, Problem> {
    let db = state.db.read();
    dispatch::find_for_staff(db, &office.scope(), id).await?.ok_or(NOT_FOUND)?;
    let asks = claim::asks_of(db, &office.scope(), id).await?;
    let names = people::names(db, asks.iter().map(|ask| ask.person_id)).await?;
    let name = |id: Uuid| PersonRef { id, name: names.get(&id).cloned().unwrap_or_default() };
    let view = |ask: Ask| AskView {
        user: name(ask.person_id),
        wave: ask.wave,
        reason: ask.reason,
        asked_at: ask.asked_at,
        answer_by: ask.answer_by,
        answer: ask.answer,
        answer_text: said(ask.answer),
        answered_at: ask.answered_at,
    };
    Ok(asks.into_iter().map(view).collect())
}

/// The caller cannot come to a task they may know of.
///
/// # Errors
/// `NOT_FOUND` where they may not.
pub(super) async fn say_no(state: &AppState, me: &Resident, id: Uuid) -> Result<(), Problem> {
    let tx = state.db.write().await?;
    dispatch::find(&*tx, &me.scope(), id).await?.ok_or(NOT_FOUND)?;
    claim::say_no(&tx, &me.own_scope(), id, state.clock.now()).await?;
    Ok(tx.commit().await?)
}
