//! Absences by scope: one's own, and those on tasks of the offices a role reaches. A lead sees none: the words may
//! tell of somebody's health.

use std::collections::HashMap;

use ::entity::{
    At,
    absence::{ActiveModel, Column, Entity, Model},
    claim, task,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait,
    DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::Error,
    platform::{AppState, db::Step, http::page::newest_first},
};

use super::Standing;

fn visible(scope: &Scope) -> Condition {
    Condition::any().add(scope.own(Column::PersonId)).add(scope.reach(Column::OrgId))
}

/// The absence of a claim, if there is one that the scope may know of.
pub(super) async fn of_claim(
    db: &impl ConnectionTrait,
    scope: &Scope,
    claim_id: Uuid,
) -> Result<Option<Model>, Error> {
    let found = Entity::find().filter(Column::ClaimId.eq(claim_id)).filter(visible(scope));
    found.one(db).await.step("read an absence")
}

/// Those that wait for an answer, newest first, one more than asked where there are more.
pub(super) async fn waiting(
    db: &impl ConnectionTrait,
    scope: &Scope,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    let asked = Condition::all().add(Column::Excuse.is_not_null()).add(Column::Ruling.is_null());
    let appealed =
        Condition::all().add(Column::Appeal.is_not_null()).add(Column::AppealRuling.is_null());
    let query = Entity::find()
        .filter(scope.reach(Column::OrgId))
        .filter(Condition::any().add(asked).add(appealed));
    newest_first(query, Column::Id, after, limit).all(db).await.step("list the open excuses")
}

/// How the absences of these claims stand, in one query; of claims the scope found.
pub async fn standings(
    db: &impl ConnectionTrait,
    scope: &Scope,
    claim_ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, Standing>, Error> {
    if claim_ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = Entity::find().filter(Column::ClaimId.is_in(claim_ids)).filter(visible(scope));
    let rows = found.all(db).await.step("read how absences stand")?;
    Ok(rows.iter().map(|row| (row.claim_id, Standing::of(row))).collect())
}

/// When people missed work without an excuse that holds.
pub async fn misses(db: &impl ConnectionTrait, people: &[Uuid]) -> Result<Vec<(Uuid, At)>, Error> {
    let rows: Vec<(Uuid, Option<At>)> = Entity::find()
        .select_only()
        .columns([Column::PersonId, Column::MissedAt])
        .filter(Column::PersonId.is_in(people.iter().copied()))
        .filter(Column::MissedAt.is_not_null())
        .filter(Column::Excused.eq(false))
        .into_tuple()
        .all(db)
        .await
        .step("read what people missed")?;
    Ok(rows.into_iter().filter_map(|(person, at)| Some((person, at?))).collect())
}

/// The row about a claim, as somebody is about to write it.
pub(super) struct Draft {
    pub id: Uuid,
    pub row: ActiveModel,
    is_new: bool,
}

impl Draft {
    /// What is known so far, or a row without anything said.
    pub fn of(
        state: &AppState,
        task: &task::Model,
        claim: &claim::Model,
        known: Option<Model>,
    ) -> Self {
        if let Some(known) = known {
            return Self { id: known.id, row: known.into(), is_new: false };
        }
        let now = state.clock.now();
        let id = state.rng.id(now);
        let row = ActiveModel {
            id: Set(id),
            claim_id: Set(claim.id),
            task_id: Set(task.id),
            person_id: Set(claim.person_id),
            org_id: Set(task.org_id),
            excused: Set(false),
            created_at: Set(now),
            ..Default::default()
        };
        Self { id, row, is_new: true }
    }

    /// Writes it; the caller has the task locked, so nobody else has made one meanwhile.
    pub async fn keep(self, tx: &DatabaseTransaction) -> Result<Model, Error> {
        let kept = if self.is_new { self.row.insert(tx).await } else { self.row.update(tx).await };
        kept.step("keep an absence")
    }
}

/// Forgets an absence nobody said anything about.
pub(super) async fn forget(tx: &DatabaseTransaction, id: Uuid) -> Result<(), Error> {
    Entity::delete_by_id(id).exec(tx).await.step("forget an absence").map(drop)
}
