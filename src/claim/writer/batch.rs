//! One batch: the steps of `grant::claim`, each taken by all of the batch at once.
//!
//! 1. the people's rows are locked in the order of their ids; who is locked elsewhere is left to be written by itself, so
//!    a batch waits for nobody's other doings
//! 2. the retry keys: stored successes are answered again
//! 3. the tasks' rows are locked in the order of their ids, after the people's, as everywhere
//! 4. eligibility, each in the order they came, as if those before had their seats already
//! 5. the claims' rows and their facts, the answers; last the counters, which count the rows that were inserted

use std::collections::{HashMap, HashSet};

use ::entity::{
    claim,
    membership::MembershipState,
    task::{self, TaskState},
};
use actix_web::http::StatusCode;
use sea_orm::EntityTrait;
use uuid::Uuid;

use crate::{
    dispatch::{self, Card, cards, take_seats},
    identity::{Scope, people},
    kernel::{Error, Event},
    org::{self, OrgSettings},
    platform::{
        AppState, Tx,
        db::{Step, padded},
        http::{
            Answer,
            idempotency::{self, Asked, KeyError},
        },
        outbox,
    },
};

use super::{
    super::{
        facts,
        grant::{GrantError, row},
        model::{Belonging, Member, judge, reserve},
        queue,
        refusal::Refusal,
        store,
        view::ClaimView,
    },
    Intent, Outcome,
};

/// What became of an intent before anything is written.
enum Judged {
    ByItself,
    Before(Result<Answer, KeyError>),
    Refused(GrantError),
    /// The card as it is with their seat taken.
    Granted(Box<Card>),
}

/// Writes all of them, of different people, in one transaction. Answers each in its place; None is to be written by itself.
///
/// # Errors
/// Where the database fails before the commit: nothing of it happened. `Unknown` where the commit was not answered.
pub(super) async fn write(
    state: &AppState,
    intents: &[Intent],
) -> Result<Vec<Option<Outcome>>, Error> {
    let tx = state.claims.write().await?;
    let judged = judge_all(&tx, state, intents).await?;
    if !judged.iter().any(|one| matches!(one, Judged::Granted(_))) {
        return Ok(judged.into_iter().map(|one| said(one, None)).collect());
    }
    let mut granted = grant_all(&tx, state, intents, &judged).await?;
    tx.commit().await?;
    let places = judged.into_iter().enumerate();
    Ok(places.map(|(place, one)| said(one, granted.remove(&place))).collect())
}

fn said(judged: Judged, granted: Option<(Answer, task::Model)>) -> Option<Outcome> {
    match judged {
        Judged::ByItself => None,
        Judged::Before(kept) => Some(kept.map(|answer| (answer, None)).map_err(GrantError::Key)),
        Judged::Refused(refusal) => Some(Err(refusal)),
        // Each that was granted has its answer; one without would be written by itself and find its seat.
        Judged::Granted(_) => granted.map(|(answer, task)| Ok((answer, Some(task)))),
    }
}

/// What the transaction knows of its tasks and people.
struct Known {
    free: HashSet<Uuid>,
    cards: HashMap<Uuid, Card>,
    rules: HashMap<Uuid, OrgSettings>,
    members: HashMap<Uuid, Member>,
    /// Task and person: a seat is kept for them by an offer.
    kept: HashSet<(Uuid, Uuid)>,
    /// Task and person: they hold a seat, in whatever state.
    seated: HashSet<(Uuid, Uuid)>,
    /// Task and person: they lead it.
    leads: HashSet<(Uuid, Uuid)>,
}

async fn judge_all(tx: &Tx, state: &AppState, intents: &[Intent]) -> Result<Vec<Judged>, Error> {
    let people = padded(intents.iter().map(|intent| intent.who).collect());
    let free = people::lock_the_free(tx, people).await?;
    let asked: Vec<_> =
        intents.iter().filter(|intent| free.contains(&intent.who)).map(asked).collect();
    let mut before = idempotency::kept(tx, state, &asked).await?;
    let fresh = |intent: &&Intent| free.contains(&intent.who) && !before.contains_key(&intent.who);
    let pairs = intents.iter().filter(fresh).map(|intent| (intent.task, intent.who)).collect();
    let mut known = look(tx, state, free.clone(), padded(pairs)).await?;
    let now = state.clock.now();
    let judge_one = |intent: &Intent| match before.remove(&intent.who) {
        Some(kept) => Judged::Before(kept),
        None => known.judge(intent, now),
    };
    Ok(intents.iter().map(judge_one).collect())
}

fn asked(intent: &Intent) -> Asked<'_> {
    Asked { actor: intent.who, key: &intent.key, body_hash: &intent.body_hash }
}

async fn look(
    tx: &Tx,
    state: &AppState,
    free: HashSet<Uuid>,
    pairs: Vec<(Uuid, Uuid)>,
) -> Result<Known, Error> {
    let house = Scope::house();
    let (task_ids, who): (Vec<_>, Vec<_>) = pairs.iter().copied().unzip();
    let members = facts::members(&**tx, &who, state.clock.now()).await?;
    let seated = store::seated(&**tx, &house, &pairs).await?;
    let tasks = dispatch::lock_all(tx, &house, task_ids).await?;
    let rules = org::settings_of(&**tx, tasks.iter().map(|task| task.org_id)).await?;
    let keeping = tasks.iter().filter(|task| task.held > 0).map(|task| task.id).collect();
    let offers = queue::live_of_tasks(&**tx, &house, keeping).await?;
    let kept = offers.iter().map(|offer| (offer.task_id, offer.person_id)).collect();
    let leads = tasks.iter().filter_map(|task| Some((task.id, task.lead_id?))).collect();
    let cards = cards(&**tx, &tasks).await?;
    let cards = cards.into_iter().map(|card| (card.id, card)).collect();
    Ok(Known { free, cards, rules, members, kept, seated, leads })
}

impl Known {
    /// Judges one, and counts their seat where they get one.
    fn judge(&mut self, intent: &Intent, now: entity::At) -> Judged {
        let own = (intent.task, intent.who);
        if !self.free.contains(&intent.who) || self.kept.contains(&own) {
            return Judged::ByItself;
        }
        let card = self.cards.get_mut(&intent.task);
        let (Some(card), Some(member)) = (card, self.members.get(&intent.who)) else {
            return Judged::Refused(GrantError::NotFound);
        };
        if !shows(card, member) {
            let by_office = intent.staff || self.leads.contains(&own);
            return if by_office {
                Judged::ByItself
            } else {
                Judged::Refused(GrantError::NotFound)
            };
        }
        if reserve(card, member).is_some() {
            return Judged::ByItself;
        }
        let rules = self.rules.get(&card.org_id).cloned().unwrap_or_default();
        if let Err(refusal) = judge(card, member, &rules, now) {
            return Judged::Refused(GrantError::Refused(refusal));
        }
        if self.seated.contains(&own) {
            return Judged::Refused(GrantError::Refused(Refusal::AlreadyClaimed));
        }
        card.filled += 1;
        Judged::Granted(Box::new(card.clone()))
    }
}

/// Whether a task shows in the pools of a person, as `dispatch::find` has it of a scope without roles.
fn shows(card: &Card, member: &Member) -> bool {
    let confirmed = |held: &&Belonging| held.state == MembershipState::Confirmed;
    let in_pool =
        member.belongings.iter().filter(confirmed).any(|held| card.is_within(&held.rings));
    let for_them = !card.named || member.named_for.contains(&card.id);
    in_pool && for_them && card.state != TaskState::Draft
}

/// Writes the claims of those who get a seat. Answers, by their place in the batch, what each hears, and their task.
async fn grant_all(
    tx: &Tx,
    state: &AppState,
    intents: &[Intent],
    judged: &[Judged],
) -> Result<HashMap<usize, (Answer, task::Model)>, Error> {
    let now = state.clock.now();
    let winners = intents.iter().zip(judged).enumerate().filter_map(|(place, (intent, one))| {
        let Judged::Granted(card) = one else { return None };
        Some((place, intent, card))
    });
    let winners: Vec<_> = winners.collect();
    let rows = winners.iter().map(|(_, intent, _)| row(state, intent.task, intent.who, now));
    let claims = claim::Entity::insert_many(rows).exec_with_returning(&**tx).await;
    let claims: HashMap<_, _> =
        claims.step("store the claims")?.into_iter().map(|row| (row.person_id, row)).collect();

    let mut seats: HashMap<Uuid, i32> = HashMap::new();
    for (_, intent, _) in &winners {
        *seats.entry(intent.task).or_default() += 1;
    }
    let mut answers = Vec::new();
    let mut told = Vec::new();
    for (_, intent, card) in &winners {
        let claim = claims.get(&intent.who).ok_or_else(|| Error::impossible("store the claims"))?;
        told.push((intent, claim));
        // As it was the moment after their own seat: `ver` moves once for all.
        let card = Card { ver: card.ver + 1, ..Card::clone(card) };
        answers.push((asked(intent), ClaimView::of(claim.clone(), card)));
    }
    let answers = idempotency::keep_all(tx, state, StatusCode::CREATED, answers).await?;
    let tasks = take_seats(tx, &seats, now).await?;
    let tasks: HashMap<_, _> = tasks.into_iter().map(|task| (task.id, task)).collect();
    let fact = |(intent, claim): (&&Intent, &claim::Model)| {
        let task = tasks.get(&intent.task)?;
        Some(store::fact(task, claim, Event::ClaimGranted, Some(intent.who), None))
    };
    let facts: Option<Vec<_>> = told.into_iter().map(fact).collect();
    // Judged under the tasks' locks: they cannot have closed since.
    let facts = facts.ok_or_else(|| Error::impossible("count the seats of a batch"))?;
    outbox::record(&**tx, state, facts).await?;
    let granted = winners.iter().zip(answers).filter_map(|((place, intent, _), answer)| {
        Some((*place, (answer, tasks.get(&intent.task)?.clone())))
    });
    Ok(granted.collect())
}
