//! 给领导的数字: how much is past its promise in their reach, once a day; what the last week brought, on Mondays. Figures
//! of an org, never of a person.

use ::entity::At;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use crate::{
    kernel::{Day, Error},
    notify::{self, Matter, Notice, Subject},
    platform::{
        AppState, Tx,
        cron::{Chunk, Run, Step},
        db::Step as _,
    },
};

/// Leaders of one chunk: each asks for figures of a whole subtree.
const AT_ONCE: i64 = 10;

#[derive(Debug, FromQueryResult)]
struct Figures {
    /// The grant.
    id: Uuid,
    person_id: Uuid,
    org_id: Uuid,
    name: String,
    requests: i64,
    tasks: i64,
    claims: i64,
    minutes: i64,
    late: i64,
}

/// Tells leaders how many requests are past their promise; who has none hears nothing.
pub fn overdue<'a>(
    state: &'a AppState,
    tx: &'a Tx,
    run: &'a Run,
    cursor: Option<String>,
) -> Step<'a, Chunk> {
    let words =
        |one: &Figures| (one.late > 0).then(|| format!("{}有 {} 个需求", one.name, one.late));
    Box::pin(tell(state, tx, run, cursor, Subject::OverdueBelow, words))
}

/// Tells leaders what the week before the run's day brought.
pub fn week<'a>(
    state: &'a AppState,
    tx: &'a Tx,
    run: &'a Run,
    cursor: Option<String>,
) -> Step<'a, Chunk> {
    let words = |one: &Figures| {
        let Figures { name, requests, tasks, claims, minutes, .. } = one;
        #[allow(clippy::cast_precision_loss)]
        let hours = *minutes as f64 / 60.0;
        Some(format!(
            "{name}上周收到需求 {requests} 个，安排任务 {tasks} 次，接单 {claims} 人次，核定服务 {hours:.1} 小时。"
        ))
    };
    Box::pin(tell(state, tx, run, cursor, Subject::WeekFigures, words))
}

async fn tell(
    state: &AppState,
    tx: &Tx,
    run: &Run,
    cursor: Option<String>,
    subject: Subject,
    words: fn(&Figures) -> Option<String>,
) -> Result<Chunk, Error> {
    let after = run.after(cursor)?;
    let figures = figures(tx, run.due_at, subject, after).await?;
    let mut chunk = Chunk::default();
    for one in &figures {
        let Some(words) = words(one) else {
            *chunk.passed.entry("nothing_to_say").or_default() += 1;
            continue;
        };
        let notice = Notice {
            subject,
            matter: Matter { words: Some(words), ..Matter::default() },
            // Who leads two orgs hears of each.
            occasion: format!("{}|{}", run.occasion(), one.org_id),
            org_id: one.org_id,
            request_id: None,
            task_id: None,
            subject_id: one.org_id,
            begins_at: None,
        };
        chunk.told += notify::tell(tx, state, &notice, &[one.person_id]).await?;
    }
    let more = i64::try_from(figures.len()).is_ok_and(|n| n == AT_ONCE);
    chunk.cursor = figures.last().filter(|_| more).map(|one| one.id.to_string());
    Ok(chunk)
}

/// The week ends with the Monday the run is due on; what is late is late when the run was due.
async fn figures(
    tx: &Tx,
    due_at: At,
    subject: Subject,
    after: Uuid,
) -> Result<Vec<Figures>, Error> {
    let monday = Day::of(due_at).monday();
    let until = if subject == Subject::WeekFigures { monday.start() } else { due_at };
    let values = [
        after.into(),
        AT_ONCE.into(),
        monday.plus(-7).start().ms().into(),
        until.ms().into(),
        monday.plus(-7).to_string().into(),
        monday.to_string().into(),
    ];
    let sql = include_str!("leaders.sql");
    let asked = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    let rows = Figures::find_by_statement(asked).all(&**tx).await;
    rows.step("read the figures of the leaders")
}
