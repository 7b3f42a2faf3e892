//! 演习: jobs that tell all staff of the world, three in a chunk, and break on command.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{LazyLock, Mutex},
};

use ::entity::role_grant;
use linli::{
    kernel::Error,
    notify::{self, Matter, Notice, Subject},
    platform::{
        AppState, Tx,
        cron::{Chunk, Job, Run, When::Cron},
    },
};
use sea_orm::{EntityTrait, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::HOUR;

/// How many hear of each.
pub const PEOPLE: usize = 7;
const AT_ONCE: usize = 3;

pub const DAILY: Job = Job {
    key: "drill.daily",
    when: Cron("0 0 8 * * *"),
    words: "每天 8:00 演习",
    catch_up: HOUR.saturating_mul(12),
    chunk: |state, tx, run, cursor| Box::pin(drill(state, tx, run, cursor)),
};

pub const MONTH_END: Job = Job {
    key: "drill.month_end",
    when: Cron("0 0 21 L * *"),
    words: "每月最后一天 21:00 演习",
    catch_up: HOUR.saturating_mul(24),
    chunk: |state, tx, run, cursor| Box::pin(drill(state, tx, run, cursor)),
};

/// What befalls the next chunk of a scheduler, by the prefix that is its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// The process ends over the second chunk: its notices are written, and not committed.
    Dies,
    Fails,
}

static DOOMED: LazyLock<Mutex<BTreeSet<(String, Fate)>>> = LazyLock::new(Mutex::default);

pub fn doom(state: &AppState, fate: Fate) {
    DOOMED.lock().unwrap().insert((state.settings.redis.prefix.clone(), fate));
}

/// Whether that fate was still to come.
pub fn spare(state: &AppState, fate: Fate) -> bool {
    DOOMED.lock().unwrap().remove(&(state.settings.redis.prefix.clone(), fate))
}

async fn drill(
    state: &AppState,
    tx: &Tx,
    run: &Run,
    cursor: Option<String>,
) -> Result<Chunk, Error> {
    let people: Vec<(Uuid, Uuid)> = role_grant::Entity::find()
        .select_only()
        .columns([role_grant::Column::PersonId, role_grant::Column::OrgId])
        .order_by_asc(role_grant::Column::PersonId)
        .into_tuple()
        .all(&**tx)
        .await
        .unwrap();
    let begun = cursor.is_some();
    let after = run.after(cursor)?;
    let next: Vec<_> = people.iter().filter(|(id, _)| *id > after).take(AT_ONCE).collect();
    let org_id = people[0].1;
    let notice = Notice {
        subject: Subject::UpkeepWarning,
        matter: Matter::default(),
        occasion: run.occasion(),
        org_id,
        request_id: None,
        task_id: None,
        subject_id: org_id,
        begins_at: None,
    };
    let ids: Vec<_> = next.iter().map(|(id, _)| *id).collect();
    let told = notify::tell(tx, state, &notice, &ids).await?;
    assert!(!begun || !spare(state, Fate::Dies), "a scheduler that dies, on purpose");
    if spare(state, Fate::Fails) {
        return Err(Error::impossible("fail on purpose"));
    }
    let more = people.last().is_some_and(|last| Some(&last.0) != ids.last());
    let cursor = ids.last().filter(|_| more).map(Uuid::to_string);
    Ok(Chunk { cursor, told, passed: BTreeMap::new() })
}
