//! A run as staff and operators see it.

use std::collections::{BTreeMap, HashMap};

use ::entity::{
    At,
    schedule_run::{Model, RunState},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// 定时任务的一次
#[derive(Debug, Serialize, ToSchema)]
pub struct RunView {
    pub id: Uuid,
    #[schema(example = "request.overdue")]
    pub job: String,
    /// The job in words.
    pub words: String,
    /// Which time: a date, or a row with its step.
    pub period: String,
    pub org_id: Option<Uuid>,
    pub due_at: At,
    pub state: RunState,
    /// How many people got a notice.
    pub told: u64,
    /// How many were left out, by reason, e.g. `moved`, `answered`, `all_well`.
    pub passed: BTreeMap<String, u64>,
    /// Why it was skipped or failed, e.g. `too_late`.
    pub reason: Option<String>,
    pub started_at: Option<At>,
    pub ended_at: Option<At>,
}

pub(super) fn view(row: Model, words: &HashMap<String, String>) -> RunView {
    RunView {
        id: row.id,
        words: words.get(&row.job_key).cloned().unwrap_or_default(),
        job: row.job_key,
        period: row.period_key,
        org_id: row.org_id,
        due_at: row.due_at,
        state: row.state,
        told: row.counts.told,
        passed: row.counts.passed,
        reason: row.skipped_reason,
        started_at: row.started_at,
        ended_at: row.ended_at,
    }
}
