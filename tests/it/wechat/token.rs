//! One access token for all replicas: fetched once, replaced once, sealed where it rests, and never waited for long.

use std::time::Duration;

use futures_util::future::join_all;
use linli::kernel::clock::Stopwatch;
use redis::{AsyncCommands, aio::MultiplexedConnection};

use super::World;
use crate::helpers::servers::OwnRedis;

const TOKEN: &str = "/cgi-bin/stable_token";
const PHONE: &str = "/wxa/business/getuserphonenumber";
const KEY: &str = "wechat-test:wx:tok:{wxlinlidev}";

impl World {
    /// Fifty people bind their phone at once, at whichever replica.
    async fn fifty_calls(&self) {
        let calls = (0..50).map(|n| {
            let code = self.wechat.phone_code("86", &format!("138000010{n:02}"));
            let replica = &self.replicas[n % self.replicas.len()];
            async move { replica.phone(&code).await.expect("a phone") }
        });
        assert_eq!(join_all(calls).await.len(), 50);
    }
}

async fn open(redis: &OwnRedis) -> MultiplexedConnection {
    let client = redis::Client::open(redis.url()).unwrap();
    client.get_multiplexed_async_connection().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_callers_of_three_replicas_fetch_one_token() {
    let redis = OwnRedis::start();
    let world = World::with(3, Some(&redis.url()));
    world.fifty_calls().await;
    assert_eq!(world.count(TOKEN), 1, "nobody had one");

    world.advance(Duration::from_secs(7200));
    world.fifty_calls().await;
    assert_eq!(world.count(TOKEN), 2, "it had run out everywhere");

    world.advance(Duration::from_secs(10));
    world.fifty_calls().await;
    assert_eq!(world.count(TOKEN), 2, "a glance at Redis is enough");

    world.wechat.expire_tokens();
    world.fifty_calls().await;
    assert_eq!(world.count(TOKEN), 3, "all of them were refused with 42001, one fetched");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_shared_token_rests_sealed_and_runs_out_before_it_dies() {
    let redis = OwnRedis::start();
    let world = World::with(1, Some(&redis.url()));
    world.fifty_calls().await;
    let mut redis = open(&redis).await;
    let stored: String = redis.get(KEY).await.unwrap();
    assert!(stored.starts_with("v1|k1|"), "{stored}");
    let left: i64 = redis.pttl(KEY).await.unwrap();
    assert!((7_000_000..=7_080_000).contains(&left), "{left}");
    let keys: Vec<String> = redis.keys("*").await.unwrap();
    assert_eq!(keys, [KEY], "the lock was given back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_each_replica_fetches_for_itself() {
    let world = World::with(3, None);
    world.fifty_calls().await;
    assert_eq!(world.count(TOKEN), 3);
    let redis = OwnRedis::start();
    let world = World::with(3, Some(&redis.url()));
    redis.kill();
    world.fifty_calls().await;
    assert_eq!(world.count(TOKEN), 3, "a Redis that is gone holds nobody up");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_that_dies_while_it_fetches_is_not_waited_for() {
    let redis = OwnRedis::start();
    let world = World::with(2, Some(&redis.url()));
    let dead: () =
        open(&redis).await.pset_ex(format!("{KEY}:lock"), "the dead one", 60_000).await.unwrap();
    let ((), watch) = (dead, Stopwatch::start());
    world.fifty_calls().await;
    let waited = watch.elapsed();
    assert!((3..6).contains(&waited.as_secs()), "{waited:?}");
    assert!((1..=2).contains(&world.count(TOKEN)), "each replica once at most");
    let owner: String = open(&redis).await.get(format!("{KEY}:lock")).await.unwrap();
    assert_eq!(owner, "the dead one", "nobody takes away a lock that is not theirs");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_is_forced_once_by_all_replicas_together() {
    use fake_wechat::Fault;
    let redis = OwnRedis::start();
    let world = World::with(2, Some(&redis.url()));
    world.fifty_calls().await;
    // WeChat refuses the very token it hands out.
    for replica in &world.replicas {
        world.wechat.fault(PHONE, 1, Fault::Errcode(40001));
        let code = world.wechat.phone_code("86", "13800001111");
        replica.phone(&code).await.unwrap();
    }
    let forced: u32 = open(&redis).await.get(format!("{KEY}:forced-today")).await.unwrap();
    assert_eq!(forced, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_token_call_is_no_lost_call() {
    use fake_wechat::Fault;
    let world = World::with(1, None);
    world.wechat.fault(TOKEN, 1, Fault::Drop);
    let error = world.replicas[0].phone("any").await.unwrap_err();
    assert!(!error.is_unknown(), "the call itself was never made: {error}");
    assert_eq!(world.count(PHONE), 0);
}
