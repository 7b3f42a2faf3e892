//! Replicas and databases that end without a word, under load.

use linli::kernel::clock::pause;
use redis::cmd;

use super::{
    Size,
    account::{plays, reckons_up},
    place::Place,
};
use crate::helpers::{Stack, postgres::Postgres, servers::OwnRedis, stack, world};

/// Replicas die one after the other and Redis forgets everything; nobody gets a seat that is not there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_killed_and_redis_emptied_under_load_never_cost_or_give_a_seat() {
    let (size, on) = (Size::from_env(1), Stack::from_env());
    let redis = on.redis.then(OwnRedis::start);
    let url = redis.as_ref().map_or(String::new(), OwnRedis::url);
    let (place, mut phones) =
        Place::open(size, on.database().await, &[("REDIS__URL", url.clone())]).await;
    let blows = async {
        while place.goes_on() {
            pause(size.every).await;
            if on.redis {
                flush(&url).await;
            }
            place.kill_one().await;
        }
    };
    plays(size, &place, &mut phones, blows).await;
    assert!(place.account.grants() >= 20, "seats were given all the while");
    reckons_up(size, &place).await;
}

/// The database loses its power and comes back, and replicas die: what was acknowledged is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_outlives_the_database_that_loses_its_power() {
    let (size, on) = (Size::from_env(2), Stack::from_env());
    if !on.postgres {
        return;
    }
    let server = Postgres::start("pg-crash", false);
    let url = server.url("postgres");
    let db = stack::open(&url).await;
    world::create(&url, &db).await;
    db.close().await;
    let (place, mut phones) = Place::open(size, url, &[]).await;
    let blows = async {
        while place.goes_on() {
            pause(size.every).await;
            tokio::task::block_in_place(|| server.crash());
            pause(size.every / 4).await;
            tokio::task::block_in_place(|| server.begin());
            pause(size.every).await;
            place.kill_one().await;
        }
    };
    plays(size, &place, &mut phones, blows).await;
    assert!(place.account.grants() >= 20, "seats were given all the while");
    reckons_up(size, &place).await;
}

/// All of Redis, gone in a moment.
async fn flush(url: &str) {
    let client = redis::Client::open(url).expect("an address");
    let mut line = client.get_multiplexed_async_connection().await.expect("Redis answers");
    let _: () = cmd("FLUSHALL").query_async(&mut line).await.expect("it forgets");
}
