//! 更正时长: hours of one claim changed by hand. One person asks, a second one decides; the claim's own room sees to
//! it that neither of them served. An approved one becomes an entry of its own, and nothing that was entered changes.

use std::collections::HashMap;

use ::entity::{
    hours_correction::{ActiveModel, Column, Entity, Model},
    proposal::ProposalState,
};
use entity::At;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait,
    DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::LockType,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    identity::{Scope, people},
    kernel::{Day, Error},
    org,
    platform::{
        AppState,
        db::{Step, is_duplicate},
        http::{Page, Problem, page::newest_first, problem::NOT_FOUND},
    },
};

use super::{
    CORRECTION_PENDING, SECOND_PERSON, follow, hours,
    model::{self, Verdict},
};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub claim_id: Uuid,
    pub person_id: Uuid,
    pub org_id: Uuid,
    pub task_id: Uuid,
    /// The day in Shanghai on which the task began.
    pub day: Day,
    /// Whole minutes the claim is to stand at.
    pub minutes: i32,
    pub reason: String,
    pub by: Uuid,
}

#[derive(Debug, thiserror::Error)]
pub enum CorrectionError {
    #[error("no such correction, or out of reach")]
    NotFound,
    #[error("one's own, or what one asked for oneself")]
    SecondPerson,
    #[error("one is waiting already")]
    Pending,
    #[error("it stands at that already")]
    Nothing,
    #[error("decided already: {0:?}")]
    Decided(ProposalState),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<CorrectionError> for Problem {
    fn from(error: CorrectionError) -> Self {
        match error {
            CorrectionError::NotFound => NOT_FOUND.into(),
            CorrectionError::SecondPerson => SECOND_PERSON.into(),
            CorrectionError::Pending => CORRECTION_PENDING.into(),
            CorrectionError::Nothing => Self::field(
                "minutes",
                "value",
                "现在就是这么多分钟，不用更正",
                "It stands at that many minutes already",
            ),
            CorrectionError::Decided(state) => {
                Self::state(state, "这项更正已经处理过了", "This was decided already")
            }
            CorrectionError::Broken(error) => error.into(),
        }
    }
}

/// A correction as the office and the member see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CorrectionView {
    pub id: Uuid,
    pub claim_id: Uuid,
    pub task_id: Uuid,
    pub org_id: Uuid,
    pub person_id: Uuid,
    pub person_name: String,
    /// Whole minutes when it was asked for.
    pub minutes_from: i32,
    /// Whole minutes it is to be.
    pub minutes_to: i32,
    /// Day of service in Shanghai.
    #[schema(example = "2026-11-28")]
    pub served_on: String,
    pub reason: String,
    pub state: ProposalState,
    /// The state in people's words.
    pub state_text: &'static str,
    pub proposed_by: Uuid,
    pub proposed_by_name: String,
    pub created_at: At,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<At>,
    /// Why it was refused.
    pub answer: Option<String>,
}

/// # Errors
/// When the names cannot be read or the words do not open.
pub async fn view(
    db: &impl ConnectionTrait,
    state: &AppState,
    row: Model,
) -> Result<CorrectionView, Error> {
    let view = views(db, state, vec![row]).await?.pop();
    view.ok_or_else(|| Error::impossible("view a correction"))
}

/// Many, with the names in one query.
async fn views(
    db: &impl ConnectionTrait,
    state: &AppState,
    rows: Vec<Model>,
) -> Result<Vec<CorrectionView>, Error> {
    let names = people::names(db, rows.iter().flat_map(|row| [row.person_id, row.proposed_by]));
    let names = names.await?;
    rows.into_iter().map(|row| named(state, row, &names)).collect()
}

fn named(
    state: &AppState,
    row: Model,
    names: &HashMap<Uuid, String>,
) -> Result<CorrectionView, Error> {
    let answer = row.answer.as_ref();
    let name = |id| names.get(&id).cloned().unwrap_or_default();
    Ok(CorrectionView {
        person_name: name(row.person_id),
        proposed_by_name: name(row.proposed_by),
        reason: state.crypto.open("hours_correction.reason", row.id, &row.reason)?,
        answer: state.crypto.open_some("hours_correction.answer", row.id, answer)?,
        id: row.id,
        claim_id: row.claim_id,
        task_id: row.task_id,
        org_id: row.org_id,
        person_id: row.person_id,
        minutes_from: row.minutes_from,
        minutes_to: row.minutes_to,
        served_on: row.served_on,
        state: row.state,
        state_text: model::state_said(row.state),
        proposed_by: row.proposed_by,
        created_at: row.created_at,
        decided_by: row.decided_by,
        decided_at: row.decided_at,
    })
}

/// Asks for a correction, in the caller's transaction.
///
/// # Errors
/// `SecondPerson` for one's own hours; `Nothing` to correct; `Pending`, and the transaction must then be dropped.
pub async fn propose(
    tx: &DatabaseTransaction,
    state: &AppState,
    asked: Proposal,
) -> Result<Model, CorrectionError> {
    if asked.by == asked.person_id {
        return Err(CorrectionError::SecondPerson);
    }
    let net = hours::net(tx, asked.claim_id).await?;
    if net == i64::from(asked.minutes) {
        return Err(CorrectionError::Nothing);
    }
    let now = state.clock.now();
    let id = state.rng.id(now);
    let row = ActiveModel {
        id: Set(id),
        claim_id: Set(asked.claim_id),
        person_id: Set(asked.person_id),
        org_id: Set(asked.org_id),
        task_id: Set(asked.task_id),
        minutes_from: Set(whole(net)),
        minutes_to: Set(asked.minutes),
        served_on: Set(asked.day.to_string()),
        reason: Set(state.crypto.seal("hours_correction.reason", id, &asked.reason)),
        state: Set(ProposalState::Pending),
        proposed_by: Set(asked.by),
        created_at: Set(now),
        decided_by: Set(None),
        decided_at: Set(None),
        answer: Set(None),
    };
    match row.insert(tx).await {
        Err(error) if is_duplicate(&error) => Err(CorrectionError::Pending),
        other => Ok(other.step("ask for a correction")?),
    }
}

/// Sums fit: a claim lasts seven days at most.
fn whole(minutes: i64) -> i32 {
    i32::try_from(minutes).unwrap_or(i32::MAX)
}

/// A correction in reach.
pub async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    let found = Entity::find_by_id(id).filter(scope.reach(Column::OrgId)).one(db).await;
    found.step("read a correction")
}

/// Who asked for the correction of a person's claim that was decided last, as of then.
///
/// # Errors
/// When it cannot be read.
pub async fn asked_by(
    db: &impl ConnectionTrait,
    (person_id, claim_id): (Uuid, Uuid),
    as_of: At,
) -> Result<Option<Uuid>, Error> {
    Entity::find()
        .select_only()
        .column(Column::ProposedBy)
        .filter(Column::PersonId.eq(person_id))
        .filter(Column::ClaimId.eq(claim_id))
        .filter(Column::DecidedAt.lte(as_of))
        .order_by_desc(Column::DecidedAt)
        .into_tuple()
        .one(db)
        .await
        .step("read who asked for a correction")
}

/// Decides, in the caller's transaction, which holds the person and the task. An approved one enters the difference
/// to what the claim stands at now.
///
/// # Errors
/// `SecondPerson` for whoever asked or served; `Decided` with the state it is in.
pub async fn decide(
    tx: &DatabaseTransaction,
    state: &AppState,
    scope: &Scope,
    by: Uuid,
    id: Uuid,
    verdict: &Verdict,
) -> Result<Model, CorrectionError> {
    let found = Entity::find_by_id(id).filter(scope.reach(Column::OrgId));
    let row = found.lock(LockType::NoKeyUpdate).one(tx).await.step("lock a correction")?;
    let row = row.ok_or(CorrectionError::NotFound)?;
    if !model::is_second(by, row.proposed_by, row.person_id) {
        return Err(CorrectionError::SecondPerson);
    }
    if row.state != ProposalState::Pending {
        return Err(CorrectionError::Decided(row.state));
    }
    if *verdict == Verdict::Approve {
        enter(tx, state, &row).await?;
    }
    let mut row: ActiveModel = row.into();
    row.state = Set(verdict.state());
    row.decided_by = Set(Some(by));
    row.decided_at = Set(Some(state.clock.now()));
    if let Verdict::Refuse { reason } = verdict {
        row.answer = Set(Some(state.crypto.seal("hours_correction.answer", id, reason)));
    }
    Ok(row.update(tx).await.step("decide a correction")?)
}

async fn enter(tx: &DatabaseTransaction, state: &AppState, row: &Model) -> Result<(), Error> {
    let net = hours::net(tx, row.claim_id).await?;
    let change = whole(i64::from(row.minutes_to) - net);
    if change == 0 {
        return Ok(());
    }
    hours::correct(tx, state, row, change).await?;
    let earns = org::settings_of(tx, [row.org_id]).await?.remove(&row.org_id);
    let earns = earns.is_some_and(|rules| rules.corrected_hours_earn_points);
    follow::correction(tx, state, row, change, earns).await
}

/// Which corrections to list.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub org_id: Option<Uuid>,
    pub state: Option<ProposalState>,
    pub after: Option<Uuid>,
    pub limit: u64,
}

/// A page of the corrections in reach and of one's own hours, newest first.
pub(super) async fn list(
    state: &AppState,
    scope: &Scope,
    wanted: Wanted,
) -> Result<Page<CorrectionView>, Error> {
    let seen = Condition::any().add(scope.reach(Column::OrgId)).add(scope.own(Column::PersonId));
    let mut query = Entity::find().filter(seen);
    if let Some(org_id) = wanted.org_id {
        query = query.filter(Column::OrgId.eq(org_id));
    }
    if let Some(state) = wanted.state {
        query = query.filter(Column::State.eq(state));
    }
    let page = newest_first(query, Column::Id, wanted.after, wanted.limit);
    let rows = page.all(state.db.read()).await.step("list corrections")?;
    let page = Page::cut(rows, wanted.limit, |row| row.id);
    let items = views(state.db.read(), state, page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// What waits for a decision about one's own hours.
pub(super) async fn waiting(state: &AppState, scope: &Scope) -> Result<Vec<CorrectionView>, Error> {
    let query = Entity::find()
        .filter(scope.own(Column::PersonId))
        .filter(Column::State.eq(ProposalState::Pending));
    let rows = newest_first(query, Column::Id, None, 50).all(state.db.read()).await;
    views(state.db.read(), state, rows.step("read what waits")?).await
}
