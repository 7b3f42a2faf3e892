//! Many tasks at once: each is done or refused by itself, in a transaction of its own. Sent again under the same
//! key, what was done is answered again and only the rest is tried.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    identity::Dispatcher,
    kernel::Error,
    platform::{
        AppState, Tx,
        http::{
            Problem, RetryKey, idempotency,
            input::readable,
            problem::{KEY_MISMATCH, NOT_FOUND},
        },
    },
};

use super::{
    change, copy,
    post::{Author, DispatchError},
};

/// What to do with each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BulkAction {
    /// 发布
    Publish,
    /// 取消
    Cancel,
    /// 复制到下周同一时间，存为草稿
    CopyNextWeek,
}

#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkForm {
    #[validate(length(min = 1, max = 50))]
    #[schema(min_items = 1, max_items = 50)]
    ids: Vec<Uuid>,
    action: BulkAction,
    /// For `cancel` alone, and needed there.
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    reason: Option<String>,
}

/// What became of one.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct BulkLine {
    pub id: Uuid,
    pub ok: bool,
    /// The draft a copy was made into.
    pub copy_id: Option<Uuid>,
    /// As in a refusal of the single action.
    pub code: Option<String>,
    pub message: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BulkAnswer {
    /// In the order asked.
    pub items: Vec<BulkLine>,
}

/// Does it to each, in the order asked.
///
/// # Errors
/// A missing reason; `NOT_FOUND` where none of them is the office's; the key with another body.
pub(super) async fn each(
    state: &AppState,
    office: &Dispatcher,
    key: &RetryKey,
    hash: &str,
    form: BulkForm,
) -> Result<BulkAnswer, Problem> {
    let reason = form.reason.as_deref().map(str::trim);
    if (form.action == BulkAction::Cancel) != reason.is_some() {
        let (code, zh) = match reason {
            None => ("required", "取消任务请填写理由"),
            Some(_) => ("value", "只有取消任务才填理由"),
        };
        return Err(Problem::field("reason", code, zh, "A reason, and only to cancel"));
    }
    let (mut seen, mut items) = (HashSet::new(), Vec::new());
    for id in form.ids.into_iter().filter(|id| seen.insert(*id)) {
        let work = async |tx: &Tx| one(tx, state, office, id, form.action, reason).await;
        let done = idempotency::create(state, office.id(), &key.part(id), hash, work).await;
        items.push(match done {
            Ok(answer) => serde_json::from_str(answer.body())
                .map_err(|error| Error::broken("read what was done", error))?,
            Err(problem) if problem.kind() == KEY_MISMATCH => return Err(problem),
            Err(problem) => refused(id, &problem),
        });
    }
    let unknown = |line: &BulkLine| line.code.as_deref() == Some(NOT_FOUND.code);
    if items.iter().all(unknown) {
        return Err(NOT_FOUND.into());
    }
    Ok(BulkAnswer { items })
}

fn refused(id: Uuid, problem: &Problem) -> BulkLine {
    if let Some(error) = problem.cause() {
        tracing::error!(task.id = %id, %error, "one of many tasks could not be changed");
    }
    BulkLine {
        id,
        ok: false,
        copy_id: None,
        code: Some(problem.kind().code.to_owned()),
        message: Some(problem.zh().to_owned()),
    }
}

async fn one(
    tx: &Tx,
    state: &AppState,
    office: &Dispatcher,
    id: Uuid,
    action: BulkAction,
    reason: Option<&str>,
) -> Result<BulkLine, DispatchError> {
    let author = Author::at_desk(office);
    let copy_id = match action {
        BulkAction::Publish => {
            change::publish(tx, state, &author.scope, id, author.id).await?;
            None
        }
        BulkAction::Cancel => {
            let reason = reason.unwrap_or_default().to_owned();
            change::cancel(tx, state, &author.scope, id, author.id, reason).await?;
            None
        }
        BulkAction::CopyNextWeek => Some(copy::next_week(tx, state, &author, id).await?.card.id),
    };
    Ok(BulkLine { id, ok: true, copy_id, code: None, message: None })
}
