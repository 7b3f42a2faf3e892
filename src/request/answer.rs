//! 群众评价: the resident's verdict. It moves the request and nothing else: hours already earned stay.

use ::entity::{
    At,
    answer::{ActiveModel, Column, Entity, Verdict},
    request::RequestState,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    content::{self, Checked, ContentError, ContentKind, Subject},
    identity::{Resident, Scope},
    kernel::Error,
    platform::{
        AppState, Tx,
        db::{Step, is_duplicate},
        http::{Problem, input::readable},
        wechat::Scene,
    },
};

use super::{
    ALREADY_ANSWERED,
    change::{By, RequestError, apply},
    model::Command,
    store,
    view::{self, RequestView},
};

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerForm {
    pub verdict: Verdict,
    #[validate(range(min = 1, max = 5))]
    #[schema(minimum = 1, maximum = 5)]
    pub stars: Option<i32>,
    #[validate(length(min = 1, max = 500), custom(function = readable))]
    #[schema(min_length = 1, max_length = 500)]
    pub words: Option<String>,
}

/// What was stored, and what became of the request.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerView {
    pub id: Uuid,
    pub verdict: Verdict,
    pub stars: Option<i32>,
    pub words: Option<String>,
    pub request: RequestView,
}

#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    #[error("answered already")]
    Already,
    #[error(transparent)]
    Refused(#[from] RequestError),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<AnswerError> for Problem {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::Already => ALREADY_ANSWERED.into(),
            AnswerError::Refused(error) => error.into(),
            AnswerError::Broken(error) => error.into(),
        }
    }
}

/// What WeChat makes of the words of a verdict, where there are any.
///
/// # Errors
/// `Rejected` for words it finds risky.
pub(super) async fn look(
    state: &AppState,
    me: Uuid,
    form: &AnswerForm,
) -> Result<Option<Checked>, ContentError> {
    match &form.words {
        Some(words) => content::check(state, me, Scene::Comment, words).await,
        None => Ok(None),
    }
}

/// Stores the verdict of the one who asked, or for whom it was asked: the first counts. `partly` and `not_done` bring
/// the request back to the inbox. After silence has closed it an answer still counts for thirty days.
///
/// # Errors
/// `NotFound` for another's request; `NotNow` before the work was reported; `Already` for a second answer.
pub(super) async fn answer(
    tx: &Tx,
    state: &AppState,
    me: &Resident,
    id: Uuid,
    form: AnswerForm,
    checked: Option<Checked>,
) -> Result<AnswerView, AnswerError> {
    let own = me.own_scope();
    let row = store::locked(tx, &own, id).await?.ok_or(RequestError::NotFound)?;
    let by = By { actor: Some(me.id()), words: form.words.clone() };
    if row.state == RequestState::Closed && !row.unconfirmed {
        return Err(AnswerError::Already);
    }
    let row = apply(tx, state, row, Command::Answer(form.verdict), by).await?;
    let task_id = row.task_id.ok_or_else(|| Error::impossible("answer without a task"))?;
    let now = state.clock.now();
    let answer_id = state.rng.id(now);
    let stored = ActiveModel {
        id: Set(answer_id),
        request_id: Set(id),
        task_id: Set(task_id),
        person_id: Set(me.id()),
        verdict: Set(form.verdict),
        stars: Set(form.stars),
        words: Set(form
            .words
            .as_deref()
            .map(|words| state.crypto.seal("answer.words", answer_id, words))),
        created_at: Set(now),
    };
    match Entity::insert(stored).exec_without_returning(&**tx).await {
        Err(error) if is_duplicate(&error) => return Err(AnswerError::Already),
        other => other.step("store the answer")?,
    };
    if let Some(words) = &form.words {
        let (kind, org_id) = (ContentKind::Answer, row.org_id);
        let subject = Subject { kind, id: answer_id, org_id, author_id: me.id() };
        content::keep(tx, state, subject, checked, words).await?;
    }
    let request = view::one(&**tx, state, row).await?;
    let AnswerForm { verdict, stars, words } = form;
    Ok(AnswerView { id: answer_id, verdict, stars, words, request })
}

/// A resident's best words for a task.
#[derive(Clone, Copy, Debug)]
pub struct Praise {
    pub answer_id: Uuid,
    /// Who said so.
    pub by: Uuid,
    pub at: At,
}

/// The answer that gave a task five stars, for the house.
///
/// # Errors
/// When the database cannot be read.
pub async fn praise(
    db: &impl ConnectionTrait,
    _house: &Scope,
    task_id: Uuid,
) -> Result<Option<Praise>, Error> {
    let best = Entity::find()
        .filter(Column::TaskId.eq(task_id))
        .filter(Column::Verdict.eq(Verdict::Done))
        .filter(Column::Stars.eq(5));
    let answer = best.one(db).await.step("look for five stars")?;
    Ok(answer.map(|row| Praise { answer_id: row.id, by: row.person_id, at: row.created_at }))
}
