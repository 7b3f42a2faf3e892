//! A notice as the one it is for reads it.

use ::entity::{At, notice::Model};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{kernel::Error, platform::AppState};

use super::Subject;

#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeView {
    pub id: Uuid,
    /// Stable name of what it is about.
    #[schema(example = "task.cancelled")]
    pub kind: String,
    /// What stands over it.
    #[schema(example = "任务取消了")]
    pub title: &'static str,
    pub body: String,
    pub org_id: Uuid,
    pub request_id: Option<Uuid>,
    pub task_id: Option<Uuid>,
    /// The row it is about: a claim, an offer, a story.
    pub subject_id: Uuid,
    pub at: At,
    pub read: bool,
}

/// A row with its body opened.
pub(super) fn of(state: &AppState, row: Model) -> Result<NoticeView, Error> {
    Ok(NoticeView {
        body: state.crypto.open("notice.body", row.id, &row.body)?,
        // While replicas are replaced one after another, a newer one may tell of what this one has no title for.
        title: Subject::named(&row.kind).map_or("通知", Subject::title),
        id: row.id,
        kind: row.kind,
        org_id: row.org_id,
        request_id: row.request_id,
        task_id: row.task_id,
        subject_id: row.subject_id,
        at: row.at,
        read: row.read_at.is_some(),
    })
}
