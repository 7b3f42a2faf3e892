//! Messages on their way when a process ends: asked to, it puts back what has not left and hears out what has; killed,
//! it leaves what nobody knows, and nothing is sent twice.

use std::{collections::HashMap, time::Duration};

use ::entity::push::{Column, Entity, Model, PushState};
use fake_wechat::Fault;
use futures_util::future::join_all;
use linli::{
    boot,
    kernel::clock::{SystemClock, Tells},
    notify::{self, Matter, Notice, Subject},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use crate::{
    helpers::{Stack, TestApp, WENHUA, eventually, process::Site, stack},
    notify::{CHANGE, grants::holds},
};

const SEND: &str = "/cgi-bin/message/subscribe/send";
const TOKEN: &str = "/cgi-bin/stable_token";

/// So many messages to each of so many people who have agreed to them, written down by the machine's clock.
async fn waiting(people: usize, each: usize) -> Site {
    let (on, names) = (Stack::from_env(), (0..people).map(|n| format!("党员{n}")));
    let (url, names) = (on.database().await, names.collect::<Vec<_>>());
    let (ids, org_id) = {
        let app = TestApp::over(on, url.clone(), &[]).await;
        let ids: Vec<_> = app.members(&names).await.iter().map(|one| one.id).collect();
        (ids, app.org_id(WENHUA).await.parse().unwrap())
    };
    let site = Site::over(url.clone());
    let settings =
        stack::settings(&[("database.url", url), ("wechat.base_url", site.wechat_url.clone())]);
    let state = boot::state(settings, boot::Parts::default()).await.expect("a state");
    for (id, name) in ids.iter().zip(&names) {
        state.wechat.login(&site.wechat.login_code(name)).await.expect("WeChat knows them");
        assert!((0..each).all(|_| site.wechat.accept(name, CHANGE)));
        holds(&state, *id, "task_change", i32::try_from(each).unwrap()).await;
    }
    // Soon enough to ring at night too.
    let begins_at = Some(SystemClock.now().plus(Duration::from_secs(10 * 3600)));
    for n in 1..=each {
        let about = Uuid::from_u128(n as u128);
        let notice = Notice {
            subject: Subject::TaskChanged,
            matter: Matter::default(),
            occasion: about.to_string(),
            org_id,
            request_id: None,
            task_id: Some(about),
            subject_id: about,
            begins_at,
        };
        let tx = state.db.write().await.unwrap();
        notify::tell(&tx, &state, &notice, &ids).await.unwrap();
        tx.commit().await.unwrap();
    }
    state.db.close().await;
    site
}

async fn rows(site: &Site) -> Vec<Model> {
    let db = stack::open(&site.database).await;
    let rows = Entity::find().all(db.read()).await.unwrap();
    db.close().await;
    rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asked_to_stop_it_puts_back_what_has_not_left_and_hears_out_what_has() {
    let site = waiting(5, 1).await;
    site.wechat.fault(TOKEN, 1, Fault::SlowMs(4000));
    let mut first = site.serve(&[]).await;
    let all = async |state| rows(&site).await.iter().all(|row| row.state == state);
    eventually("they are picked", async || all(PushState::Sending).await).await;
    first.signal("TERM");
    eventually("they are put back", async || all(PushState::Retry).await).await;
    assert_eq!(first.ended().await.code(), Some(0), "{}", first.log());
    for row in rows(&site).await {
        let left = (row.state, row.attempts, row.paid, row.lease_until);
        assert_eq!(left, (PushState::Retry, 0, false, None), "{row:?}");
    }
    assert!(site.wechat.messages().is_empty());

    // The next one has a grant for each at once.
    site.wechat.fault(SEND, 5, Fault::SlowMs(1500));
    let mut second = site.serve(&[]).await;
    let asked = || site.wechat.calls().get(SEND).copied() == Some(5);
    eventually("WeChat has them", async || asked()).await;
    second.signal("TERM");
    assert_eq!(second.ended().await.code(), Some(0), "{}", second.log());
    assert!(all(PushState::Sent).await, "{:?}", rows(&site).await);
    assert_eq!(site.wechat.messages().len(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_the_middle_senders_leave_unknowns_and_nothing_is_sent_twice() {
    let (site, each) = (waiting(40, 3).await, 3);
    let count = if Stack::from_env().postgres { 3 } else { 1 };
    for round in 1..=3 {
        // The last five lie on their phones, and the answer does not come.
        site.wechat.fault(SEND, 20, Fault::SlowMs(0));
        site.wechat.fault(SEND, 5, Fault::Hang);
        let mut senders = join_all((0..count).map(|_| site.serve(&[]))).await;
        let asked = || site.wechat.calls().get(SEND).copied().unwrap_or_default();
        eventually("some are under way", async || asked() >= round * 25).await;
        senders.iter().for_each(|sender| sender.signal("KILL"));
        for sender in &mut senders {
            assert!(!sender.ended().await.success());
        }
        // A minute and a half goes by.
        let db = stack::open(&site.database).await;
        let over = Entity::update_many().col_expr(Column::LeaseUntil, Expr::value(1));
        let over = over.filter(Column::State.eq(PushState::Sending)).exec(db.read()).await;
        over.unwrap();
        db.close().await;
    }
    let last = site.serve(&[]).await;
    let ends = |row: &Model| matches!(row.state, PushState::Sent | PushState::Unknown);
    eventually("all have an end", async || rows(&site).await.iter().all(ends)).await;

    let mut there = HashMap::<_, usize>::new();
    for message in site.wechat.messages() {
        *there.entry((message.openid, message.page)).or_default() += 1;
    }
    let (rows, log) = (rows(&site).await, last.log());
    assert!(there.values().all(|count| *count == 1), "twice on a phone: {there:?}");
    let sent = rows.iter().filter(|row| row.state == PushState::Sent).count();
    let unknown = rows.len() - sent;
    assert_eq!(rows.len(), 40 * each, "{log}");
    assert!((sent..=sent + unknown).contains(&there.len()), "{sent} sent, {unknown} unknown");
    assert!(unknown > 0, "nobody died in the middle of anything");
}
