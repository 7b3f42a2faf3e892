//! 超过承诺时限的需求: once a day, at the org's own hour, each owner hears how many of theirs are past their promise: one
//! notice, however many they are. What nobody owns is the office's.

use std::collections::{BTreeMap, HashMap};

use ::entity::{At, role_grant::Role};
use uuid::Uuid;

use crate::{
    identity::{Scope, duty},
    kernel::Error,
    notify::{self, Matter, Notice, Subject},
    org::{self, OrgSettings},
    platform::{
        AppState, Tx,
        cron::{Chunk, Occurrence, Run, Step},
    },
    request,
};

/// Half past the org's hour.
const MINUTE: u32 = 30;

/// The days and orgs where something was past its promise when the hour came.
pub fn daily(state: &AppState, from: At, until: At) -> Step<'_, Vec<Occurrence>> {
    Box::pin(due(state, from, until))
}

async fn due(state: &AppState, from: At, until: At) -> Result<Vec<Occurrence>, Error> {
    let db = state.db.read();
    let late = request::late_offices(db, &Scope::house(), until).await?;
    let since: HashMap<Uuid, At> = late.into_iter().collect();
    let hour = ("overdue_hour", OrgSettings::default().overdue_hour);
    let mut due = org::daily(db, since.keys().copied(), hour, MINUTE, (from, until)).await?;
    due.retain(|one| {
        one.org_id.and_then(|id| since.get(&id)).is_some_and(|since| *since <= one.due_at)
    });
    Ok(due)
}

/// Tells the owners of one org.
pub fn owners<'a>(
    state: &'a AppState,
    tx: &'a Tx,
    run: &'a Run,
    _cursor: Option<String>,
) -> Step<'a, Chunk> {
    Box::pin(tell(state, tx, run))
}

async fn tell(state: &AppState, tx: &Tx, run: &Run) -> Result<Chunk, Error> {
    let (db, house, now) = (&**tx, Scope::house(), state.clock.now());
    let Some(org_id) = run.org_id else { return Ok(Chunk::passing("gone", 1)) };
    let Some(org) = org::find(db, org_id).await? else { return Ok(Chunk::passing("gone", 1)) };
    let mut each: BTreeMap<Uuid, u64> = BTreeMap::new();
    for (keeper, n) in request::late_by_keeper(db, &house, (org_id, run.due_at), now).await? {
        let keepers = match keeper {
            Some(keeper) => vec![keeper],
            None => duty::on_duty(db, &org.path, &[Role::Dispatcher]).await?,
        };
        for keeper in keepers {
            *each.entry(keeper).or_default() += n;
        }
    }
    if each.is_empty() {
        return Ok(Chunk::passing("nothing_late", 1));
    }
    // Those with as many hear the same words.
    let mut alike: BTreeMap<u64, Vec<Uuid>> = BTreeMap::new();
    for (person, n) in each {
        alike.entry(n).or_default().push(person);
    }
    let mut told = 0;
    for (n, people) in alike {
        let notice = Notice {
            subject: Subject::RequestsOverdue,
            matter: Matter { words: Some(format!("{n} 个需求")), ..Matter::default() },
            occasion: run.occasion(),
            org_id,
            request_id: None,
            task_id: None,
            subject_id: org_id,
            begins_at: None,
        };
        told += notify::tell(tx, state, &notice, &people).await?;
    }
    Ok(Chunk { told, ..Chunk::default() })
}
