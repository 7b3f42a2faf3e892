//! 扩大范围: putting an open task further while it has free seats. Each statement asks again for what was seen, so
//! that of many who find a task due one moves it, once. When it is due, and who is in the next ring, is `asking`'s.

use ::entity::{
    org::{Model as Org, OrgKind},
    task::{Column, Entity, Model, Ring, TaskState},
};
use entity::At;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, UpdateMany,
    sea_query::{Expr, ExprTrait},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::{Error, Event},
    platform::{AppState, db::Step, outbox},
};

use super::{change::fact, form::TaskForm, seats::taken};

/// How far a task is put, and how it goes on.
#[derive(Debug, Serialize, ToSchema)]
pub struct Widening {
    pub ring: Ring,
    /// As far as it goes by itself.
    pub last: Ring,
    /// How often it was put further, or on the call list.
    pub level: i32,
    /// When it is next looked at whether it fills; null: no more.
    pub next_at: Option<At>,
}

impl Widening {
    pub(super) fn of(task: &Model) -> Self {
        let next_at = task.escalate_at.filter(|_| task.state == TaskState::Open);
        Self { ring: task.ring, last: task.last_ring, level: task.level, next_at }
    }
}

/// The ring that an org of this kind is.
pub fn ring_of(kind: OrgKind) -> Ring {
    match kind {
        OrgKind::Province | OrgKind::City | OrgKind::District => Ring::District,
        OrgKind::Street => Ring::Street,
        OrgKind::Community | OrgKind::Unit => Ring::Community,
        OrgKind::Branch | OrgKind::Group => Ring::Branch,
    }
}

/// Where a task of this form begins, and how far it goes by itself.
pub(super) fn rings(ring: &Org, form: &TaskForm) -> (Ring, Ring) {
    let own = ring_of(ring.kind);
    let first = if form.people().is_empty() { own } else { Ring::Named };
    let to = form.audience.as_ref().and_then(|audience| audience.widens_to);
    (first, to.map_or(first, |kind| Ord::max(ring_of(kind), own)))
}

/// As the form that made the task could have said.
pub(super) fn widens_to(task: &Model) -> Option<OrgKind> {
    match task.last_ring {
        last if last <= task.ring => None,
        Ring::Named => None,
        Ring::Branch => Some(OrgKind::Branch),
        Ring::Community => Some(OrgKind::Community),
        Ring::Street => Some(OrgKind::Street),
        Ring::District => Some(OrgKind::District),
    }
}

/// Open tasks with free seats that are due to be looked at, the longest due first.
///
/// # Errors
/// When they cannot be read.
pub async fn due(
    db: &impl ConnectionTrait,
    _house: &Scope,
    now: At,
    limit: u64,
) -> Result<Vec<Uuid>, Error> {
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::State.eq(TaskState::Open))
        .filter(Column::EscalateAt.lte(now))
        .filter(Column::ClaimUntil.gt(now))
        .filter(taken().lt(Expr::col(Column::Slots)))
        .order_by_asc(Column::EscalateAt)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await
        .step("read what does not fill")
}

/// One level on.
fn one_up(statement: UpdateMany<Entity>) -> UpdateMany<Entity> {
    statement.col_expr(Column::Level, Expr::col(Column::Level).add(1))
}

/// A change of a task that was seen like that and still has free seats.
fn step(seen: &Model, now: At, next: Option<At>) -> UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(Column::EscalateAt, Expr::value(next))
        .col_expr(Column::Ver, Expr::col(Column::Ver).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(seen.id))
        .filter(Column::Level.eq(seen.level))
        .filter(Column::State.eq(TaskState::Open))
        .filter(Column::ClaimUntil.gt(now))
        .filter(taken().lt(Expr::col(Column::Slots)))
}

/// Where a task goes.
#[derive(Clone, Debug)]
pub struct Wider {
    pub ring: Ring,
    /// Whose pool it moves to.
    pub org_id: Uuid,
    /// When it is looked at again.
    pub next: At,
    /// From where to where, in words.
    pub words: String,
}

/// Puts a task further: to everybody of the ring, also where it was for named people. By the clock where nobody does
/// it: only while it is due. None: it moved, filled or closed meanwhile.
///
/// # Errors
/// When it cannot be stored.
pub async fn widen(
    tx: &DatabaseTransaction,
    state: &AppState,
    seen: &Model,
    to: Wider,
    actor: Option<Uuid>,
) -> Result<Option<Model>, Error> {
    let now = state.clock.now();
    let mut statement = one_up(step(seen, now, Some(to.next)))
        .col_expr(Column::Ring, Expr::value(to.ring))
        .col_expr(Column::LastRing, Expr::value(Ord::max(to.ring, seen.last_ring)))
        .col_expr(Column::RingOrgId, Expr::value(to.org_id))
        .col_expr(Column::Named, Expr::value(false))
        // There are people nobody asked yet.
        .col_expr(Column::WaveAt, Expr::value(now))
        .col_expr(Column::Rev, Expr::col(Column::Rev).add(1));
    if actor.is_none() {
        statement = statement.filter(Column::EscalateAt.lte(now));
    }
    let moved = statement.exec_with_returning(tx).await.step("put a task further")?.pop();
    if let Some(task) = &moved {
        let fact = fact(task, Event::TaskWidened, actor, Some(to.words));
        outbox::record(tx, state, [fact]).await?;
    }
    Ok(moved)
}

/// Asks the office to call people: the widest ring has had its time. False: it moved, filled or closed meanwhile.
///
/// # Errors
/// When it cannot be stored.
pub async fn call(tx: &DatabaseTransaction, state: &AppState, seen: &Model) -> Result<bool, Error> {
    let now = state.clock.now();
    let statement = one_up(step(seen, now, None)).filter(Column::EscalateAt.lte(now));
    let moved = statement.exec_with_returning(tx).await.step("put a task on the call list")?.pop();
    if let Some(task) = &moved {
        let words = format!("还差 {} 人", task.slots - task.used - task.held);
        let fact = fact(task, Event::TaskCallsDue, None, Some(words));
        outbox::record(tx, state, [fact]).await?;
    }
    Ok(moved.is_some())
}

/// Nothing is due yet: when to look again.
///
/// # Errors
/// When it cannot be stored.
pub async fn look_again(
    tx: &DatabaseTransaction,
    seen: &Model,
    now: At,
    at: At,
) -> Result<(), Error> {
    step(seen, now, Some(at)).exec(tx).await.step("look at a task again").map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_org_is_the_ring_it_looks_like() {
        let kinds = [OrgKind::Group, OrgKind::Branch, OrgKind::Unit, OrgKind::Community];
        use Ring::{Branch, Community, District, Street};
        assert_eq!(kinds.map(ring_of), [Branch, Branch, Community, Community]);
        let kinds = [OrgKind::Street, OrgKind::District, OrgKind::City];
        assert_eq!(kinds.map(ring_of), [Street, District, District]);
    }
}
