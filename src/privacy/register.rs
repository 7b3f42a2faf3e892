//! 审计记录: the chain as auditors read it, and keepers within their reach.

use ::entity::{At, audit_entry};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::{
    audit::{self, Act},
    identity::{Inspector, people},
    platform::{
        AppState,
        http::{Page, Problem, page},
    },
};

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    org_id: Option<Uuid>,
    /// To whom, or to which row.
    subject_id: Option<Uuid>,
    /// By whom.
    actor_id: Option<Uuid>,
    /// What was done, e.g. `role.granted`.
    #[param(min_length = 1, max_length = 40)]
    #[validate(length(min = 1, max = 40))]
    action: Option<String>,
    /// 1 to 100, 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    #[validate(range(min = 1, max = 100))]
    limit: Option<u64>,
    #[param(max_length = 64)]
    #[validate(length(max = 64))]
    cursor: Option<String>,
}

/// A line of the chain.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditView {
    /// Counts from 1 without gaps.
    pub seq: i64,
    pub at: At,
    pub action: String,
    /// Null: the house itself, or an operator at the machine.
    pub actor_id: Option<Uuid>,
    pub actor_name: Option<String>,
    pub org_id: Option<Uuid>,
    pub subject_id: Option<Uuid>,
    /// The reason given; null: none, or it went with the person it was about.
    pub why: Option<String>,
    pub hash: String,
}

/// One page, newest first.
pub(super) async fn list(
    state: &AppState,
    reader: &Inspector,
    query: AuditQuery,
) -> Result<Page<AuditView>, Problem> {
    let unknown = || Problem::field("action", "value", "没有这种操作", "No such action");
    let act = query.action.map(|name| Act::named(&name).ok_or_else(unknown)).transpose()?;
    let (db, limit) = (state.db.read(), page::limit(query.limit));
    let before = page::after(query.cursor.as_deref())?.map(place);
    let filter = audit::Filter {
        within: reader.scope().reach(audit_entry::Column::OrgId),
        org_id: query.org_id,
        subject_id: query.subject_id,
        actor_id: query.actor_id,
        act,
        before,
        limit,
    };
    let lines = audit::list(db, state, filter).await?;
    let names = people::names(db, lines.iter().filter_map(|(line, _)| line.actor_id)).await?;
    let page = Page::cut(lines, limit, |(line, _)| mark(line.seq));
    Ok(page.map(|(line, why)| AuditView {
        actor_name: line.actor_id.and_then(|id| names.get(&id).cloned()),
        seq: line.seq,
        at: line.at,
        action: line.action,
        actor_id: line.actor_id,
        org_id: line.org_id,
        subject_id: line.subject_id,
        why,
        hash: line.hash,
    }))
}

/// A cursor holds an id; here it is the number of a line.
fn mark(seq: i64) -> Uuid {
    Uuid::from_u64_pair(0, seq.unsigned_abs())
}

fn place(mark: Uuid) -> i64 {
    i64::try_from(mark.as_u64_pair().1).unwrap_or(i64::MAX)
}
