//! Messages by the thousand while everything goes wrong at WeChat and senders die: what is written down of each is held
//! against what lies on the phones.

use std::{
    collections::{BTreeMap, HashMap},
    future::poll_fn,
    pin::pin,
    task::Poll,
    time::Duration,
};

use ::entity::{
    notice,
    push::{Column, Entity, Model, PushState},
    subscribe_grant,
};
use fake_wechat::Fault;
use futures_util::future::join_all;
use linli::{
    boot,
    kernel::Rng,
    notify::{Subject, push::deliver},
    platform::AppState,
};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, sea_query::ExprTrait,
};
use uuid::Uuid;

use super::{grants::holds, tells, template};
use crate::helpers::{Person, TestApp};

const SEND: &str = "/cgi-bin/message/subscribe/send";
const PEOPLE: usize = 200;
/// What each is told: the kinds, by template as the settings and as WeChat call it.
const TOLD: [(Subject, &str, &str); 10] = [
    (Subject::TaskChanged, "task_change", "任务变更提醒"),
    (Subject::TaskRescheduled, "task_change", "任务变更提醒"),
    (Subject::TaskChanged, "task_change", "任务变更提醒"),
    (Subject::TaskCancelled, "task_cancel", "任务取消通知"),
    (Subject::TaskCancelled, "task_cancel", "任务取消通知"),
    (Subject::ClaimAssigned, "claim_result", "接单结果通知"),
    (Subject::Promoted, "claim_result", "接单结果通知"),
    (Subject::TaskReminder, "reminder", "活动开始提醒"),
    (Subject::TaskReminder, "reminder", "活动开始提醒"),
    (Subject::ThemeDayReminder, "theme_day", "主题党日提醒"),
];
const MESSAGES: usize = PEOPLE * TOLD.len();

/// What the stand-in does to the calls in turn. The silent ones are few, for each takes real seconds; the quota is
/// used up once, and the next day comes.
fn weather(dice: &Rng) -> Vec<Fault> {
    let mut calls: Vec<_> = (0..MESSAGES * 2).map(|_| fault(dice)).collect();
    for n in [MESSAGES / 10, MESSAGES / 2] {
        calls[n] = Fault::Hang;
    }
    calls[MESSAGES * 6 / 10] = Fault::Errcode(45009);
    calls
}

fn fault(dice: &Rng) -> Fault {
    match dice.below(100) {
        0..5 => Fault::Errcode(-1),
        5..6 => Fault::Errcode(40001),
        6..7 => Fault::Errcode(42001),
        7..9 => Fault::Errcode(43101),
        9..12 => Fault::Errcode(43108),
        12..14 => Fault::Errcode(47003),
        14..16 => Fault::Errcode(45011),
        // Carried out, and the answer is lost; not carried out, and nobody says so.
        16..21 => Fault::Drop,
        21..24 => Fault::Lose,
        24..30 => Fault::SlowMs(20),
        _ => Fault::SlowMs(0),
    }
}

/// Lets it go on so many steps, and drops it where it stands.
async fn dies_after<T>(steps: u64, round: impl Future<Output = T>) -> Option<T> {
    let (mut round, mut left) = (pin!(round), steps);
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        round.as_mut().poll(context).map(Some)
    })
    .await
}

async fn in_state(app: &TestApp, states: &[PushState]) -> u64 {
    let some = Entity::find().filter(Column::State.is_in(states.iter().copied()));
    some.count(app.state.db.read()).await.unwrap()
}

/// Moves the clocks to when the next message falls due or the next lease is over.
async fn wait(app: &TestApp) {
    let (db, now) = (app.state.db.read(), app.state.clock.now());
    let next = async |column: Column, states: &[PushState]| {
        let some = Column::State.is_in(states.iter().copied()).and(column.gt(now));
        let first = Entity::find().select_only().column_as(column.min(), "at").filter(some);
        first.into_tuple::<Option<i64>>().one(db).await.unwrap().flatten()
    };
    let due = next(Column::NextAt, &[PushState::Pending, PushState::Retry]).await;
    let over = next(Column::LeaseUntil, &[PushState::Sending]).await;
    let by = due.into_iter().chain(over).min().map_or(1, |at| at - now.ms());
    app.advance(Duration::from_millis(by.unsigned_abs()));
}

/// One that sends, dies and comes again until nothing is left.
async fn sends(app: &TestApp, state: &AppState, dice: &Rng) {
    while in_state(app, &[PushState::Pending, PushState::Retry, PushState::Sending]).await > 0 {
        let round = if dice.below(10) == 0 {
            dies_after(dice.below(60), deliver(state)).await
        } else {
            Some(deliver(state).await)
        };
        if round.is_some_and(|round| !round.expect("a round").more) {
            wait(app).await;
        }
    }
}

struct Storm {
    app: TestApp,
    people: Vec<Person>,
}

impl Storm {
    async fn gathers() -> Self {
        let app = TestApp::spawn().await;
        let names: Vec<_> = (0..PEOPLE).map(|n| format!("党员{n}")).collect();
        let people = app.members(&names).await;
        for (n, person) in people.iter().enumerate() {
            // Every tenth has agreed to one message less of each kind than they are sent.
            let short = usize::from(n % 10 == 0);
            let mut agreed = BTreeMap::<_, usize>::new();
            for (_, kind, title) in TOLD {
                *agreed.entry((kind, title)).or_default() += 1;
            }
            for ((kind, title), count) in agreed {
                let count = count - short;
                assert!((0..count).all(|_| app.wechat.accept(&person.name, title)));
                holds(&app.state, person.id, kind, i32::try_from(count).unwrap()).await;
            }
        }
        let ids: Vec<_> = people.iter().map(|one| one.id).collect();
        for (n, (subject, ..)) in TOLD.into_iter().enumerate() {
            let about = Uuid::from_u128(n as u128 + 1);
            // Twice, as when a reaction runs again.
            for _ in 0..2 {
                tells(&app, subject, about, &ids).await;
            }
        }
        Self { app, people }
    }

    async fn rows(&self) -> Vec<Model> {
        Entity::find().all(self.app.state.db.read()).await.unwrap()
    }

    /// How often each message lies on its phone.
    fn arrived(&self, rows: &[Model]) -> Vec<usize> {
        let mut there = HashMap::<_, usize>::new();
        for message in self.app.wechat.messages() {
            let key = (message.openid, message.page.unwrap_or_default(), message.template_id);
            *there.entry(key).or_default() += 1;
        }
        let openids: HashMap<_, _> =
            self.people.iter().map(|one| (one.id, self.app.wechat.openid(&one.name))).collect();
        let key = |row: &Model| {
            let template = template(&self.app, &row.template);
            (openids[&row.person_id].clone(), row.page.clone(), template)
        };
        let found = rows.iter().map(|row| there.remove(&key(row)).unwrap_or_default()).collect();
        assert!(there.is_empty(), "nobody was sent what was never written down: {there:?}");
        found
    }

    /// Everything has an end, and the end is what the phone shows.
    async fn adds_up(&self, seed: u64) {
        let rows = self.rows().await;
        let arrived = self.arrived(&rows);
        assert_eq!(rows.len(), MESSAGES, "seed {seed}");
        let mut counts = BTreeMap::<String, (usize, usize)>::new();
        for (row, arrived) in rows.iter().zip(&arrived) {
            let (fits, most) = match row.state {
                PushState::Sent => (*arrived > 0, row.attempts),
                PushState::Unknown => (true, row.attempts),
                // Of what is worth a second message the first may have arrived, and then WeChat has no grant left.
                PushState::Refused | PushState::Dead => (*arrived == 0 || row.resend, row.attempts),
                PushState::Pending | PushState::Retry | PushState::Sending => (false, 0),
            };
            let most = if row.resend { most } else { 1 };
            let fits = fits && i32::try_from(*arrived).unwrap() <= most;
            assert!(fits, "seed {seed}: {arrived} on the phone of {row:?}");
            assert!(row.lease_until.is_none(), "seed {seed}: {row:?}");
            let count = counts.entry(format!("{:?}", row.state)).or_default();
            *count = (count.0 + 1, count.1 + arrived);
        }
        let total: usize = counts.values().map(|(_, arrived)| arrived).sum();
        assert_eq!(total, self.app.wechat.messages().len(), "seed {seed}: {counts:?}");
        let least = [("Sent", 1300), ("Unknown", 40), ("Refused", 20), ("Dead", 10)];
        for (state, least) in least {
            let count = counts.get(state).copied().unwrap_or_default().0;
            assert!(count >= least, "seed {seed}: too fair a weather: {counts:?}");
        }
        self.inboxes_and_grants(seed).await;
    }

    /// Each line once; no account below nothing, and none above WeChat's where one message is one grant.
    async fn inboxes_and_grants(&self, seed: u64) {
        let db = self.app.state.db.read();
        let lines = notice::Entity::find().count(db).await.unwrap();
        assert_eq!(lines, MESSAGES as u64, "seed {seed}: one line each");
        let grants = subscribe_grant::Entity::find().all(db).await.unwrap();
        for grant in &grants {
            assert!(grant.balance >= 0, "seed {seed}: {grant:?}");
            let told = TOLD.iter().find(|told| template(&self.app, told.1) == grant.template_id);
            let (subject, _, title) = told.expect("one of ours");
            let name = &self.people.iter().find(|one| one.id == grant.person_id).unwrap().name;
            let theirs = self.app.wechat.balance(name, title);
            if *subject != Subject::TaskCancelled {
                assert!(
                    i64::from(grant.balance) <= i64::try_from(theirs).unwrap(),
                    "seed {seed}: WeChat has {theirs} of {name}: {grant:?}"
                );
            }
        }
    }
}

async fn storm(seed: u64) {
    let (storm, dice) = (Storm::gathers().await, Rng::from_seed(seed));
    let app = &storm.app;
    for fault in weather(&dice) {
        app.wechat.fault(SEND, 1, fault);
    }
    app.wechat.sends_take(Duration::from_millis(1));
    let mut replicas = vec![app.state.clone()];
    // SQLite belongs to one process.
    while !app.state.db.is_sqlite() && replicas.len() < 3 {
        let parts = boot::Parts {
            clock: app.clock.clone(),
            rng: Rng::from_seed(seed + replicas.len() as u64 * 1000),
        };
        let settings = (*app.state.settings).clone();
        replicas.push(boot::state(settings, parts).await.expect("another replica"));
    }
    join_all(replicas.iter().map(|state| sends(app, state, &dice))).await;
    storm.adds_up(seed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_messages_in_a_storm_all_have_an_end_and_none_arrives_twice() {
    storm(2026).await;
}

/// The same in other weathers, from the seed `LINLI_SOAK_SEED` on: `make soak`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: make soak"]
async fn storm_after_storm() {
    let seed = std::env::var("LINLI_SOAK_SEED").ok().and_then(|seed| seed.parse().ok());
    for n in 0..8 {
        let seed = seed.unwrap_or(1) + n;
        println!("a storm of seed {seed}");
        storm(seed).await;
    }
}
