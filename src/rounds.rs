//! The rounds of the house's background work, one line each: what it is called, how often it looks, what it does.
//! How rounds are run stands in `loops.rs`.
//!
//! The next one: write an idempotent function without input beside what it looks after, and give it a line in `all`.

use std::time::Duration;

use crate::{
    asking, audit,
    claim::{self, counts, gate},
    content::photo,
    dispatch::{board, series, turnout},
    file,
    kernel::{Error, clock::Stopwatch},
    letterbox,
    loops::{Loop, Report, Round},
    notify::{self, push},
    org,
    platform::{AppState, cron, pace::give_way},
    privacy::{retention, rotate},
    relay, request, schedule,
    telling::crowd,
};

const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/// Every round there is.
pub fn all(state: &AppState) -> Vec<Loop> {
    let periods = &state.settings.loops;
    vec![
        poked(state, every("relay", periods.relay_ms, |s| Box::pin(relay(s)))),
        poked(state, every("telling", periods.relay_ms, |s| Box::pin(telling(s)))),
        poked(state, every("letterbox", periods.relay_ms, |s| Box::pin(letterbox::look(s)))),
        Loop { poke: Some(state.wall.rung.clone()), ..timetable(state) },
        every("board", periods.settle_ms, |s| {
            Box::pin(async { did(board::settle(s).await?.cards) })
        }),
        every("counts", periods.settle_ms, |s| {
            Box::pin(async { did(counts::wrong(s).await.map(|_| 0)?) })
        }),
        every("gate", periods.settle_ms, |s| Box::pin(async { did(gate::round(s).await?) })),
        every("log", SECOND / 2, |s| Box::pin(async { did(s.db.tidy_log().await.map(|()| 0)?) })),
        every("asking", periods.settle_ms, |s| Box::pin(asking(s))),
        every("seats", periods.settle_ms, |s| Box::pin(seats(s))),
        every("presence", MINUTE, |s| Box::pin(async { did(claim::close_forgotten(s).await?) })),
        every("confirm", 10 * MINUTE, |s| Box::pin(async { did(claim::confirm_due(s).await?) })),
        every("dispatch", MINUTE, |s| Box::pin(dispatch(s))),
        every("silence", 10 * MINUTE, |s| Box::pin(silence(s))),
        every("files", 10 * MINUTE, |s| Box::pin(async { did(file::tidy(s).await?) })),
        every("photos", periods.settle_ms, |s| Box::pin(async { did(photo::ask(s).await?) })),
        every("anniversaries", MINUTE, |s| Box::pin(async { did(org::reindex(s).await?) })),
        poked(state, every("push", periods.relay_ms, |s| Box::pin(push(s)))),
        every("push-age", MINUTE, |s| Box::pin(async { did(push::show_waiting(s).await?) })),
        every("templates", HOUR, |s| Box::pin(async { did(push::refresh(s).await?) })),
        every("tidy", HOUR, |s| Box::pin(tidy(s))),
        every("audit-head", HOUR, |s| Box::pin(head(s))),
    ]
}

/// Looks after each commit of this process too: it may have left something to react to.
fn poked(state: &AppState, one: Loop) -> Loop {
    Loop { poke: Some(state.db.committed()), ..one }
}

/// What the timetable asks for; the bell rings for it too.
fn timetable(state: &AppState) -> Loop {
    let ms = state.settings.schedule.look_seconds * SECOND;
    every("timetable", ms, |s| {
        Box::pin(async {
            let round = cron::round(s, schedule::JOBS).await?;
            Ok(Report { handled: round.handled, failed: round.failed, more: round.more })
        })
    })
}

fn every(name: &'static str, ms: u64, round: for<'a> fn(&'a AppState) -> Round<'a>) -> Loop {
    Loop { name, period: Duration::from_millis(ms), poke: None, round }
}

/// A round that always takes on all there is.
fn did(handled: usize) -> Result<Report, Error> {
    Ok(Report { handled, ..Report::default() })
}

/// Tasks that come round, and tasks with too few people.
async fn dispatch(state: &AppState) -> Result<Report, Error> {
    let series = series::unfold(state).await?;
    let short = turnout::look(state).await?;
    Ok(Report { handled: series.made + short, failed: series.failed, more: series.more })
}

/// Requests whose residents never answered.
async fn silence(state: &AppState) -> Result<Report, Error> {
    let round = request::close_silent(state).await?;
    Ok(Report { handled: round.closed, failed: round.failed, more: round.more })
}

async fn relay(state: &AppState) -> Result<Report, Error> {
    let round = relay::relay(state).await?;
    Ok(Report { handled: round.handled, failed: round.failed, more: round.more })
}

/// What very many hear, a chunk a round; others have their turn before the next one.
async fn telling(state: &AppState) -> Result<Report, Error> {
    let round = crowd::go_on(state).await?;
    if round.more {
        give_way(&state.lanes, round.took).await;
    }
    Ok(Report { handled: round.handled, failed: round.failed, more: round.more })
}

/// Tasks that do not fill.
async fn asking(state: &AppState) -> Result<Report, Error> {
    let wider = asking::widen_due(state).await?;
    let asked = asking::ask_due(state).await?;
    Ok(Report {
        handled: wider.handled + asked.handled,
        failed: wider.failed + asked.failed,
        more: wider.more || asked.more,
    })
}

async fn seats(state: &AppState) -> Result<Report, Error> {
    let round = claim::sweep(state).await?;
    Ok(Report { handled: round.handled, failed: round.failed, more: round.more })
}

/// Messages to phones. Where none was sent, the round was the database's alone: others have their turn.
async fn push(state: &AppState) -> Result<Report, Error> {
    let watch = Stopwatch::start();
    let round = push::deliver(state).await?;
    if round.more && round.sent == 0 {
        give_way(&state.lanes, watch.elapsed()).await;
    }
    Ok(Report { handled: round.handled, failed: round.failed, more: round.more })
}

/// What is kept no longer than needed goes, what an older key sealed moves on to the newest; and a count of facts and
/// pushes that wait for a person.
async fn tidy(state: &AppState) -> Result<Report, Error> {
    #[allow(clippy::cast_precision_loss)]
    {
        metrics::gauge!("linli_facts_stuck").set(relay::stuck(&state.db).await? as f64);
        let tellings = notify::crowd::stuck(state.db.read()).await?;
        metrics::gauge!("linli_tellings_stuck").set(tellings as f64);
        metrics::gauge!("linli_wechat_pushes_stuck").set(letterbox::stuck(&state.db).await? as f64);
    }
    let swept: u64 = retention::run(state, false).await?.iter().map(|swept| swept.rows).sum();
    let rotated = rotate::rotate(state, |_, _| ()).await?;
    let handled = usize::try_from(swept).unwrap_or(usize::MAX).saturating_add(rotated.moved);
    Ok(Report { handled, failed: rotated.lost, ..Report::default() })
}

/// The head of the audit chain, signed, outside the database.
async fn head(state: &AppState) -> Result<Report, Error> {
    did(usize::from(audit::keep_head(state).await?))
}
