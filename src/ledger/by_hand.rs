//! 人工记分: points somebody gives by hand. One person asks, a second one decides, and the entry says so for ever.

use std::collections::HashMap;

use ::entity::{
    points_proposal::{ActiveModel, Column, Entity, Model},
    points_rule::{PointsKind, PointsTrigger},
    proposal::ProposalState,
};
use entity::At;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    QuerySelect, sea_query::LockType,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    audit::{self, Act, Deed},
    identity::{Scope, people},
    kernel::{Day, Error, Event, Fact},
    org,
    platform::{
        AppState, Tx,
        db::Step,
        http::{Page, Problem, input::readable, page::newest_first, problem::NOT_FOUND},
        outbox,
    },
};

use super::{
    POINTS_OFF, SECOND_PERSON,
    model::{self, Verdict},
    points::{self, Merit},
};

/// Points to give, or to take.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PointsForm {
    /// Somebody with a place or a role here.
    pub user_id: Uuid,
    /// `deduction` takes them.
    pub kind: PointsKind,
    #[validate(range(min = 1, max = 100))]
    #[schema(minimum = 1, maximum = 100)]
    pub amount: i32,
    /// What for; the member and the second person read it.
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    pub reason: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PointsProposalView {
    pub id: Uuid,
    pub org_id: Uuid,
    pub person_id: Uuid,
    pub person_name: String,
    pub kind: PointsKind,
    pub amount: i32,
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

#[derive(Debug, thiserror::Error)]
pub enum PointsError {
    #[error("no such org, person or proposal, or out of reach")]
    NotFound,
    #[error("points are switched off")]
    Off,
    #[error("for oneself, or what one asked for oneself")]
    SecondPerson,
    #[error("decided already: {0:?}")]
    Decided(ProposalState),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<PointsError> for Problem {
    fn from(error: PointsError) -> Self {
        match error {
            PointsError::NotFound => NOT_FOUND.into(),
            PointsError::Off => POINTS_OFF.into(),
            PointsError::SecondPerson => SECOND_PERSON.into(),
            PointsError::Decided(state) => {
                Self::state(state, "这项记分已经处理过了", "This was decided already")
            }
            PointsError::Broken(error) => error.into(),
        }
    }
}

async fn view(
    db: &impl ConnectionTrait,
    state: &AppState,
    row: Model,
) -> Result<PointsProposalView, Error> {
    let view = views(db, state, vec![row]).await?.pop();
    view.ok_or_else(|| Error::impossible("view a proposal"))
}

/// Many, with the names in one query.
async fn views(
    db: &impl ConnectionTrait,
    state: &AppState,
    rows: Vec<Model>,
) -> Result<Vec<PointsProposalView>, Error> {
    let names = people::names(db, rows.iter().flat_map(|row| [row.person_id, row.proposed_by]));
    let names = names.await?;
    rows.into_iter().map(|row| named(state, row, &names)).collect()
}

fn named(
    state: &AppState,
    row: Model,
    names: &HashMap<Uuid, String>,
) -> Result<PointsProposalView, Error> {
    let answer = row.answer.as_ref();
    let name = |id| names.get(&id).cloned().unwrap_or_default();
    Ok(PointsProposalView {
        person_name: name(row.person_id),
        proposed_by_name: name(row.proposed_by),
        reason: state.crypto.open("points_proposal.reason", row.id, &row.reason)?,
        answer: state.crypto.open_some("points_proposal.answer", row.id, answer)?,
        id: row.id,
        org_id: row.org_id,
        person_id: row.person_id,
        kind: row.kind,
        amount: row.amount,
        state: row.state,
        state_text: model::state_said(row.state),
        proposed_by: row.proposed_by,
        created_at: row.created_at,
        decided_by: row.decided_by,
        decided_at: row.decided_at,
    })
}

fn deed(act: Act, by: Uuid, row: &Model, why: Option<String>) -> Deed {
    Deed { act, actor_id: Some(by), org_id: Some(row.org_id), subject_id: Some(row.id), why }
}

/// Asks for points by hand, in the caller's transaction; audited.
///
/// # Errors
/// `NotFound` for an org out of reach or a person unknown in it; `Off`; `SecondPerson` for oneself.
pub(super) async fn propose(
    tx: &Tx,
    state: &AppState,
    scope: &Scope,
    by: Uuid,
    org_id: Uuid,
    form: PointsForm,
) -> Result<PointsProposalView, PointsError> {
    let org = org::find(&**tx, org_id).await?.filter(|org| scope.covers(&org.path));
    let org = org.ok_or(PointsError::NotFound)?;
    if form.user_id == by {
        return Err(PointsError::SecondPerson);
    }
    if !people::known_to(&**tx, scope, form.user_id).await? {
        return Err(PointsError::NotFound);
    }
    let rules = org::settings_of(&**tx, [org.id]).await?.remove(&org.id);
    if !rules.is_some_and(|rules| rules.points_enabled) {
        return Err(PointsError::Off);
    }
    let now = state.clock.now();
    let (id, reason) = (state.rng.id(now), form.reason.trim().to_owned());
    let row = ActiveModel {
        id: Set(id),
        org_id: Set(org.id),
        person_id: Set(form.user_id),
        kind: Set(form.kind),
        amount: Set(form.amount),
        reason: Set(state.crypto.seal("points_proposal.reason", id, &reason)),
        state: Set(ProposalState::Pending),
        proposed_by: Set(by),
        created_at: Set(now),
        decided_by: Set(None),
        decided_at: Set(None),
        answer: Set(None),
    };
    let row = row.insert(&**tx).await.step("ask for points")?;
    audit::record(tx, state, deed(Act::PointsProposed, by, &row, Some(reason))).await?;
    Ok(view(&**tx, state, row).await?)
}

/// Says yes or no to what another asked for; audited.
///
/// # Errors
/// `NotFound` out of reach; `SecondPerson` for whoever asked and for whom it is; `Decided`.
pub(super) async fn decide(
    state: &AppState,
    scope: &Scope,
    by: Uuid,
    id: Uuid,
    verdict: Verdict,
) -> Result<PointsProposalView, PointsError> {
    let tx = state.db.write().await?;
    let found = Entity::find_by_id(id).filter(scope.reach(Column::OrgId));
    let row = found.lock(LockType::NoKeyUpdate).one(&*tx).await.step("lock a proposal")?;
    let row = row.ok_or(PointsError::NotFound)?;
    if !model::is_second(by, row.proposed_by, row.person_id) {
        return Err(PointsError::SecondPerson);
    }
    if row.state != ProposalState::Pending {
        return Err(PointsError::Decided(row.state));
    }
    let act = match &verdict {
        Verdict::Approve => {
            enter(&tx, state, by, &row).await?;
            Act::PointsGiven
        }
        Verdict::Refuse { .. } => Act::PointsRefused,
    };
    let mut row: ActiveModel = row.into();
    row.state = Set(verdict.state());
    row.decided_by = Set(Some(by));
    row.decided_at = Set(Some(state.clock.now()));
    let why = match verdict {
        Verdict::Approve => None,
        Verdict::Refuse { reason } => Some(reason),
    };
    if let Some(why) = &why {
        row.answer = Set(Some(state.crypto.seal("points_proposal.answer", id, why)));
    }
    let row = row.update(&*tx).await.step("decide a proposal")?;
    audit::record(&tx, state, deed(act, by, &row, why)).await?;
    let view = view(&*tx, state, row).await?;
    tx.commit().await?;
    Ok(view)
}

async fn enter(tx: &Tx, state: &AppState, by: Uuid, row: &Model) -> Result<(), Error> {
    let merit = Merit {
        trigger: PointsTrigger::Manual,
        source_id: row.id,
        person_id: row.person_id,
        org_id: row.org_id,
        claim_id: None,
        task_id: None,
        day: Day::of(state.clock.now()),
        measure: 0,
    };
    points::give(tx, state, &merit, row.kind, row.amount).await?;
    let fact = Fact {
        event: Event::PointsGiven,
        org_id: row.org_id,
        request_id: None,
        task_id: None,
        subject_id: row.id,
        actor_id: Some(by),
        words: None,
    };
    outbox::record(&**tx, state, [fact]).await
}

/// A page of an org's proposals in one state, or in any, newest first.
///
/// # Errors
/// `NotFound` for an org out of reach.
pub(super) async fn list(
    state: &AppState,
    scope: &Scope,
    org_id: Uuid,
    asked: Option<ProposalState>,
    (after, limit): (Option<Uuid>, u64),
) -> Result<Page<PointsProposalView>, PointsError> {
    let db = state.db.read();
    let org = org::find(db, org_id).await?.filter(|org| scope.covers(&org.path));
    let org = org.ok_or(PointsError::NotFound)?;
    let mut query =
        Entity::find().filter(scope.reach(Column::OrgId)).filter(Column::OrgId.eq(org.id));
    if let Some(asked) = asked {
        query = query.filter(Column::State.eq(asked));
    }
    let rows = newest_first(query, Column::Id, after, limit).all(db).await;
    let page = Page::cut(rows.step("list proposals")?, limit, |row| row.id);
    let items = views(db, state, page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor })
}
