//! 办理经过: each time a request was dispatched, and what its resident said of it.

use std::collections::HashMap;

use ::entity::{
    answer::{self, Verdict},
    request::Model,
};
use entity::At;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    content::{self, Mark},
    identity::Scope,
    kernel::Error,
    platform::{AppState, db::Step},
};

use super::{
    store,
    view::{self, RequestView},
};

/// A request with its history.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestPage {
    #[serde(flatten)]
    pub request: RequestView,
    /// Each time it was dispatched, the first time first.
    pub history: Vec<Attempt>,
}

/// A task for this request, and what was said of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Attempt {
    pub task_id: Uuid,
    pub dispatched_at: At,
    /// null: nobody has answered.
    pub verdict: Option<Verdict>,
    pub stars: Option<i32>,
    /// null too where people looked at them and did not let them pass.
    pub words: Option<String>,
    /// `pending`: the words wait for somebody of the office to look at them.
    pub content: Option<Mark>,
    pub answered_at: Option<At>,
}

/// A request that was found by scope, with its history.
///
/// # Errors
/// When the rows cannot be read or opened.
pub(super) async fn page(
    db: &impl ConnectionTrait,
    state: &AppState,
    scope: &Scope,
    row: Model,
) -> Result<RequestPage, Error> {
    let dispatches = store::dispatches(db, scope, &row).await?;
    let answers = answer::Entity::find().filter(answer::Column::RequestId.eq(row.id)).all(db).await;
    let answers = answers.step("read the answers to a request")?;
    let marks = content::marks(db, answers.iter().map(|row| row.id)).await?;
    let mut answers: HashMap<_, _> = answers.into_iter().map(|row| (row.task_id, row)).collect();
    let attempt = |(task_id, dispatched_at): (Uuid, At)| {
        let said = answers.remove(&task_id);
        let content = said.as_ref().and_then(|said| marks.get(&said.id).copied());
        let words = match &said {
            Some(_) if content == Some(Mark::Refused) => None,
            Some(said) => state.crypto.open_some("answer.words", said.id, said.words.as_ref())?,
            None => None,
        };
        Ok(Attempt {
            task_id,
            dispatched_at,
            verdict: said.as_ref().map(|said| said.verdict),
            stars: said.as_ref().and_then(|said| said.stars),
            words,
            content,
            answered_at: said.map(|said| said.created_at),
        })
    };
    let history = dispatches.into_iter().map(attempt).collect::<Result<_, Error>>()?;
    Ok(RequestPage { request: view::one(db, state, row).await?, history })
}
