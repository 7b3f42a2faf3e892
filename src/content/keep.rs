//! Keeping what came of a check with the words it was about, and asking for it before they go further.

use std::collections::HashMap;

use ::entity::content_check::{ActiveModel, ContentKind, ContentState};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    kernel::Error,
    platform::{
        AppState, Tx,
        db::Step,
        http::{Problem, problem::CONTENT_REJECTED},
        wechat::Suggest,
    },
};

use super::{
    CONTENT_PENDING,
    check::{Checked, version},
    store,
};

pub(super) const WORDS: &str = "content_check.words";

/// Whose words, and where they stand.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    pub kind: ContentKind,
    pub id: Uuid,
    pub org_id: Uuid,
    pub author_id: Uuid,
}

/// Why words go no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// 待人工审核
    Pending,
    /// 人工审核未通过
    Refused,
}

/// Words that may not go further yet, or at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the words are {0:?}")]
pub struct Held(pub Mark);

impl From<Held> for Problem {
    fn from(held: Held) -> Self {
        match held.0 {
            Mark::Pending => CONTENT_PENDING.into(),
            Mark::Refused => CONTENT_REJECTED.into(),
        }
    }
}

/// Keeps what came of looking at `words`, in the transaction that stores them, in place of what an earlier version
/// had. `checked` is None where the author has no WeChat account.
///
/// # Errors
/// When it cannot be stored.
pub async fn keep(
    tx: &Tx,
    state: &AppState,
    subject: Subject,
    checked: Option<Checked>,
    words: &str,
) -> Result<(), Error> {
    let now = state.clock.now();
    store::replace(tx, subject.id).await?;
    let id = state.rng.id(now);
    let stored = version(state, words);
    // A verdict about other words says nothing about these.
    let verdict = checked.filter(|seen| seen.version == stored).and_then(|seen| seen.verdict);
    let passed = verdict.as_ref().is_some_and(|verdict| verdict.suggest == Suggest::Pass);
    let suggest = verdict.as_ref().map(|verdict| match verdict.suggest {
        Suggest::Pass => "pass",
        Suggest::Review | Suggest::Risky => "review",
    });
    let trace = verdict.as_ref().map(|verdict| verdict.trace_id.clone());
    let row = ActiveModel {
        id: Set(id),
        kind: Set(subject.kind),
        subject_id: Set(subject.id),
        org_id: Set(subject.org_id),
        author_id: Set(subject.author_id),
        version: Set(stored),
        state: Set(if passed { ContentState::Passed } else { ContentState::Pending }),
        suggest: Set(suggest.map(ToOwned::to_owned)),
        label: Set(verdict.and_then(|verdict| i32::try_from(verdict.label).ok())),
        trace_id: Set(trace.filter(|trace| !trace.is_empty())),
        words: Set((!passed).then(|| state.crypto.seal(WORDS, id, words))),
        created_at: Set(now),
        decided_by: Set(None),
        decided_at: Set(None),
        reason: Set(None),
    };
    row.insert(&**tx).await.step("keep what came of a check")?;
    let outcome = if passed { "passed" } else { "pending" };
    metrics::counter!("linli_content_checks_total", "outcome" => outcome).increment(1);
    Ok(())
}

/// Lets words pass that wait, in the name of a person whose right their own room knows. False: nothing waits.
///
/// # Errors
/// When it cannot be stored.
pub async fn pass(tx: &Tx, state: &AppState, by: Uuid, subject: Uuid) -> Result<bool, Error> {
    store::pass(tx, subject, by, state.clock.now()).await
}

/// What belongs to a subject that is no more waits no longer.
///
/// # Errors
/// When it cannot be stored.
pub async fn forget(tx: &Tx, subject: Uuid) -> Result<(), Error> {
    store::replace(tx, subject).await
}

/// Those of these subjects whose words go no further, in one query.
///
/// # Errors
/// When they cannot be read.
pub async fn marks(
    db: &impl ConnectionTrait,
    subjects: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Mark>, Error> {
    let held = store::held(db, subjects.into_iter().collect()).await?;
    let mark = |state| if state == ContentState::Refused { Mark::Refused } else { Mark::Pending };
    Ok(held.into_iter().map(|(subject, state)| (subject, mark(state))).collect())
}

/// Whether a subject's words may go further.
///
/// # Errors
/// When they cannot be read.
pub async fn gate(db: &impl ConnectionTrait, subject: Uuid) -> Result<Result<(), Held>, Error> {
    let mark = marks(db, [subject]).await?.remove(&subject);
    Ok(mark.map_or(Ok(()), |mark| Err(Held(mark))))
}
