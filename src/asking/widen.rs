//! 扩大范围: a task that does not fill in its time is put to the next ring, and at last the office calls people.
//! When, is the plan's to say (`matching`); the step itself is one statement of `dispatch`.
//!
//! ```text
//! opens ─► ring by ring, each with its share of the time ─► 打电话: the office hears that everybody was asked
//! ```

use ::entity::{
    At,
    org::Model as Org,
    task::{Model, Ring, TaskState},
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{
    claim::TASK_FULL,
    dispatch::{self, See, TaskView, Wider, call, look_again, ring_of},
    identity::{Dispatcher, Scope},
    kernel::{Error, Quiet},
    matching::{Plan, called},
    org,
    platform::{
        AppState, Tx,
        http::{Problem, problem::NOT_FOUND},
    },
};

/// Tasks looked at in one round.
const ROUND: u64 = 200;

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    pub handled: usize,
    pub failed: usize,
    /// There is more to do at once.
    pub more: bool,
}

impl Looked {
    /// Counts a task; one that fails is tried again next time and stops none of the others.
    pub(super) fn count(&mut self, task: Uuid, done: Result<bool, Error>) {
        match done {
            Ok(moved) => self.handled += usize::from(moved),
            Err(error) => {
                self.failed += 1;
                tracing::error!(task.id = %task, %error, "a task that looks for people was not seen to");
            }
        }
    }
}

/// The orgs a task may be put to: its ring's and those above, the nearest first.
#[derive(Clone, Debug)]
pub(super) struct Way(Vec<Org>);

impl Way {
    async fn of(db: &impl ConnectionTrait, task: &Model) -> Result<Self, Error> {
        let ring = org::find(db, task.ring_org_id).await?;
        let ring = ring.ok_or_else(|| Error::impossible("read the ring of a task"))?;
        let mut way = org::ancestors(db, &ring).await?;
        way.push(ring);
        way.reverse();
        Ok(Self(way))
    }

    /// The rings between where a task began and the widest it goes to, each once, the narrowest first.
    fn rings(&self, task: &Model) -> Vec<Ring> {
        let above = self.0.iter().map(|org| ring_of(org.kind));
        let mut rings: Vec<_> = above.chain([task.first_ring, task.last_ring]).collect();
        rings.retain(|ring| (task.first_ring..=task.last_ring).contains(ring));
        rings.sort_unstable();
        rings.dedup();
        rings
    }

    /// Whose people are asked as far as that ring: the nearest org that is one, or the task's own where none is.
    fn org_for(&self, ring: Ring) -> Option<&Org> {
        let such = self.0.iter().find(|org| ring_of(org.kind) == ring);
        such.or(self.0.first())
    }

    /// The nearest ring beyond where a task is now; None: there is none.
    fn beyond(&self, task: &Model) -> Option<Ring> {
        self.0.iter().map(|org| ring_of(org.kind)).find(|ring| *ring > task.ring)
    }
}

/// When a task goes how far.
pub(super) async fn plan_of(
    db: &impl ConnectionTrait,
    task: &Model,
    quiet: Quiet,
) -> Result<(Plan, Way), Error> {
    let way = Way::of(db, task).await?;
    let plan = Plan::over(&way.rings(task), task.opens_at, task.claim_until, quiet);
    Ok((plan, way))
}

async fn quiet_of(db: &impl ConnectionTrait, org_id: Uuid) -> Result<Quiet, Error> {
    let rules = org::settings_of(db, [org_id]).await?.remove(&org_id);
    Ok(rules.unwrap_or_default().quiet())
}

/// One round: puts every task further whose ring has had its time, and tells offices whom nothing else is left but to
/// call. Any number of replicas may run it.
///
/// # Errors
/// When it cannot be read what is due.
pub async fn widen_due(state: &AppState) -> Result<Looked, Error> {
    let due = dispatch::due(state.db.read(), &Scope::house(), state.clock.now(), ROUND).await?;
    let mut done = Looked { more: due.len() as u64 == ROUND, ..Looked::default() };
    for id in due {
        done.count(id, one(state, id).await);
    }
    // What keeps failing waits for the next round.
    done.more &= done.failed == 0;
    Ok(done)
}

/// One task, looked at again under its lock. Answers whether it moved.
async fn one(state: &AppState, id: Uuid) -> Result<bool, Error> {
    let (tx, now) = (state.db.write().await?, state.clock.now());
    let Some(task) = dispatch::lock(&tx, &Scope::house(), id).await? else { return Ok(false) };
    if task.escalate_at.is_none_or(|at| at > now) {
        return Ok(false);
    }
    let quiet = quiet_of(&*tx, task.org_id).await?;
    let (plan, way) = plan_of(&*tx, &task, quiet).await?;
    let wanted = plan.ring(now).unwrap_or(task.first_ring);
    let moved = if wanted > task.ring {
        dispatch::widen(&tx, state, &task, to(&plan, &way, &task, wanted, now)?, None)
            .await?
            .is_some()
    } else if now >= plan.calls_from {
        call(&tx, state, &task).await?
    } else {
        look_again(&tx, &task, now, plan.next(task.ring, now)).await?;
        false
    };
    tx.commit().await?;
    metrics::counter!("linli_tasks_widened_total").increment(u64::from(moved));
    Ok(moved)
}

fn to(plan: &Plan, way: &Way, task: &Model, ring: Ring, now: At) -> Result<Wider, Error> {
    let org = way.org_for(ring).ok_or_else(|| Error::impossible("find the org of a ring"))?;
    let words = format!("{} → {}（{}）", called(task.ring), called(ring), org.name);
    Ok(Wider { ring, org_id: org.id, next: plan.next(ring, now), words })
}

/// Puts a task of the caller's office further now, whatever the clock says, to the next ring there is.
///
/// # Errors
/// `not_found` out of reach; `state.conflict` unless it is open, or where there is nobody further; `task_full`.
pub(super) async fn escalate(
    tx: &Tx,
    state: &AppState,
    office: &Dispatcher,
    id: Uuid,
) -> Result<TaskView, Problem> {
    let now = state.clock.now();
    dispatch::find_for_staff(&**tx, &office.scope(), id).await?.ok_or(NOT_FOUND)?;
    let task = dispatch::lock(tx, &office.scope(), id).await?.ok_or(NOT_FOUND)?;
    if task.state != TaskState::Open || task.claim_until <= now {
        let zh = "任务现在不接单，不能扩大范围";
        return Err(Problem::state(task.state, zh, "It takes nobody now"));
    }
    let quiet = quiet_of(&**tx, task.org_id).await?;
    let way = Way::of(&**tx, &task).await?;
    let Some(ring) = way.beyond(&task) else {
        let zh = "已经面向最大的范围了，请看建议人选，打电话请人";
        return Err(Problem::state(task.state, zh, "Nobody is further out"));
    };
    let further = Model { last_ring: ring.max(task.last_ring), ..task.clone() };
    let plan = Plan::over(&way.rings(&further), task.opens_at, task.claim_until, quiet);
    let wider = to(&plan, &way, &task, ring, now)?;
    let moved = dispatch::widen(tx, state, &task, wider, Some(office.id())).await?;
    let task = moved.ok_or(TASK_FULL)?;
    Ok(dispatch::view(&**tx, state, task, See::Staff).await?)
}
