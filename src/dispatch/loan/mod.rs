//! 借人: a community that has too few people of its own asks a neighbouring one. Where that office agrees, the task
//! also stands in its pool and its people may claim; nobody is lent without being asked.
//!
//! ```text
//! pending ─► accepted | refused (reason)        refused: may be asked again
//! ```

pub mod routes;
mod store;
mod write;

use std::collections::HashMap;

use ::entity::task_loan::{LoanState, Model};
use entity::At;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::{
    identity::Scope,
    kernel::Error,
    org,
    platform::{AppState, http::input::readable},
};

use super::{Card, cards, store::by_ids};

#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BorrowForm {
    /// The community that is asked for its people.
    org_id: Uuid,
    /// For the office there: why, and how many.
    #[validate(length(min = 1, max = 200), custom(function = readable))]
    #[schema(min_length = 1, max_length = 200)]
    note: Option<String>,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefuseLoanForm {
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    reason: String,
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LoanQuery {
    /// Asked of this org, or by it.
    org_id: Option<Uuid>,
    /// 1 to 100, 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    #[validate(range(min = 1, max = 100))]
    limit: Option<u64>,
    #[param(max_length = 64)]
    #[validate(length(max = 64))]
    cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LoanView {
    pub id: Uuid,
    /// What it is about, as anybody in a pool sees it.
    pub task: Card,
    /// The org that is asked.
    pub org_id: Uuid,
    pub org_name: String,
    pub state: LoanState,
    pub state_text: &'static str,
    pub note: Option<String>,
    /// Why not.
    pub reason: Option<String>,
    pub created_at: At,
    pub decided_at: Option<At>,
}

/// A state in people's words.
fn spoken(state: LoanState) -> &'static str {
    match state {
        LoanState::Pending => "待答复",
        LoanState::Accepted => "已同意",
        LoanState::Refused => "未同意",
    }
}

/// Loans with their tasks' cards and the names of orgs, each read in one query.
async fn views(
    db: &impl ConnectionTrait,
    state: &AppState,
    rows: Vec<Model>,
) -> Result<Vec<LoanView>, Error> {
    // The loans were found by scope; the cards of their tasks are what both offices talk about.
    let ids = rows.iter().map(|row| row.task_id).collect();
    let tasks = by_ids(db, &Scope::house(), ids).await?;
    let tasks: HashMap<Uuid, Card> =
        cards(db, &tasks).await?.into_iter().map(|card| (card.id, card)).collect();
    let names = org::names(db, rows.iter().map(|row| row.org_id)).await?;
    let view = |row: Model| {
        let task = tasks.get(&row.task_id).cloned();
        Ok(LoanView {
            task: task.ok_or_else(|| Error::impossible("view a loan"))?,
            org_name: names.get(&row.org_id).cloned().unwrap_or_default(),
            state_text: spoken(row.state),
            note: state.crypto.open_some("task_loan.note", row.id, row.note.as_ref())?,
            reason: state.crypto.open_some("task_loan.reason", row.id, row.reason.as_ref())?,
            id: row.id,
            org_id: row.org_id,
            state: row.state,
            created_at: row.created_at,
            decided_at: row.decided_at,
        })
    };
    rows.into_iter().map(view).collect()
}
