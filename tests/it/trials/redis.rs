//! Redis emptied, killed, frozen, back from an old dump, under load: claims go on, and lists are right soon after.

use std::time::Duration;

use linli::kernel::clock::{Stopwatch, pause};
use redis::cmd;

use super::{
    Size,
    account::{plays, reckons_up},
    phone::Phone,
    place::Place,
};
use crate::helpers::{Stack, servers::OwnRedis};

/// The bound of the crash matrix: a gate's life.
const LISTS_RIGHT: Duration = Duration::from_secs(15);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn claims_go_on_while_redis_is_emptied_killed_frozen_and_back_in_an_older_state() {
    let (size, on) = (Size::from_env(3), Stack::from_env());
    if !on.redis {
        return;
    }
    let mut server = OwnRedis::start();
    let redis = [("REDIS__URL", server.url())];
    let (place, mut phones) = Place::open(size, on.database().await, &redis).await;
    let blows = async {
        while place.goes_on() {
            say(&server, "SAVE").await;
            pause(size.every).await;
            say(&server, "FLUSHALL").await;
            pause(size.every).await;
            server.freeze();
            goes_on_for(&place, size.frozen).await;
            server.thaw();
            pause(size.every).await;
            server.kill();
            pause(size.every).await;
            server.restart();
        }
    };
    plays(size, &place, &mut phones, blows).await;
    reckons_up(size, &place).await;
    lists_come_right(&place, &phones[0]).await;
}

/// Seats are given while Redis says nothing.
async fn goes_on_for(place: &Place, time: Duration) {
    let (before, watch) = (place.account.heard(), Stopwatch::start());
    pause(time).await;
    if place.goes_on() {
        let heard = place.account.heard() - before;
        assert!(heard > 0, "nobody got an answer for {:?}", watch.elapsed());
    }
}

/// Every replica's list says what is stored.
async fn lists_come_right(place: &Place, phone: &Phone) {
    let watch = Stopwatch::start();
    loop {
        let mut wrong = Vec::new();
        for url in place.urls() {
            for (task, slots) in &place.tasks {
                let filled = place.filled(*task).await;
                let seen = phone.sees(&url, *task).await;
                if seen != Some((filled, i64::try_from(*slots).expect("few"))) {
                    wrong.push(format!("{slots} places: {seen:?}, filled {filled}"));
                }
            }
        }
        if wrong.is_empty() {
            return;
        }
        assert!(watch.elapsed() < LISTS_RIGHT, "not right after {LISTS_RIGHT:?}: {wrong:?}");
        pause(Duration::from_millis(100)).await;
    }
}

async fn say(server: &OwnRedis, word: &str) {
    let client = redis::Client::open(server.url()).expect("an address");
    let mut line = client.get_multiplexed_async_connection().await.expect("Redis answers");
    let _: () = cmd(word).query_async(&mut line).await.expect("it does so");
}
