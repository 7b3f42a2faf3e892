//! 请评价: two days after the report a resident who has not answered is asked once more. Closing where silence goes on
//! is a round of its own (`request/silence.rs`).

use std::time::Duration;

use ::entity::{At, request::RequestState};

use crate::{
    identity::Scope,
    kernel::{Day, Error},
    notify::{self, Matter, Notice, Subject},
    platform::{
        AppState, Tx,
        cron::{Chunk, Occurrence, Run, Step},
    },
    request,
};

const AFTER: Duration = Duration::from_secs(2 * 24 * 3600);

/// Requests reported two days ago; one occurrence for each day of a report.
pub fn two_days_after(state: &AppState, from: At, until: At) -> Step<'_, Vec<Occurrence>> {
    Box::pin(due(state, from, until))
}

async fn due(state: &AppState, from: At, until: At) -> Result<Vec<Occurrence>, Error> {
    let (from, until) = (from.minus(AFTER), until.minus(AFTER));
    let reports = request::reported(state.db.read(), &Scope::house(), from, until).await?;
    let occurrence = |(id, org_id, at)| Occurrence {
        period: format!("{id}|{}", Day::of(at)),
        due_at: at.plus(AFTER),
        org_id: Some(org_id),
        subject_id: Some(id),
    };
    Ok(reports.into_iter().map(occurrence).collect())
}

/// Asks the resident, and whom they asked for.
pub fn ask<'a>(
    state: &'a AppState,
    tx: &'a Tx,
    run: &'a Run,
    _cursor: Option<String>,
) -> Step<'a, Chunk> {
    Box::pin(tell(state, tx, run))
}

async fn tell(state: &AppState, tx: &Tx, run: &Run) -> Result<Chunk, Error> {
    let Some(id) = run.subject_id else { return Ok(Chunk::passing("gone", 1)) };
    let found = request::find(&**tx, &Scope::house(), id).await?;
    let waits = found.filter(|request| request.state == RequestState::Fulfilled);
    let Some(request) = waits else { return Ok(Chunk::passing("answered", 1)) };
    let people = request::parties(&**tx, &request).await?;
    let notice = Notice {
        subject: Subject::AnswerDue,
        matter: Matter { request: Some(request.title), ..Matter::default() },
        occasion: run.occasion(),
        org_id: request.org_id,
        request_id: Some(id),
        task_id: request.task_id,
        subject_id: id,
        begins_at: None,
    };
    let told = notify::tell(tx, state, &notice, &people).await?;
    Ok(Chunk { told, ..Chunk::default() })
}
