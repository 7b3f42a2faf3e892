//! The client of WeChat's API against the stand-in, which shares no code with it: several replicas as several clients.

mod calls;
mod messages;
mod token;

use std::{sync::Arc, time::Duration};

use fake_wechat::Controls;
use linli::{
    kernel::{Rng, clock::HandClock},
    platform::{
        crypto::Crypto,
        redis::Redis,
        wechat::{Shared, Wechat},
    },
    stage::StandIn,
};

use crate::helpers::{NOW, stack};

/// WeChat, and replicas of ours that ask it.
struct World {
    wechat: Controls,
    clock: Arc<HandClock>,
    replicas: Vec<Wechat>,
}

impl World {
    /// `redis`: what the replicas share, if anything.
    fn with(replicas: u64, redis: Option<&str>) -> Self {
        let mut settings = stack::settings(&[]);
        let stand_in = StandIn::start(&settings, NOW).expect("a free port");
        settings.wechat.base_url.clone_from(&stand_in.url);
        let clock = HandClock::at(NOW);
        let replica = |n| {
            let rng = Rng::from_seed(n);
            let crypto = Crypto::new(&[("k1".into(), [1; 32])], [2; 32], rng.clone());
            let redis = redis.map(|url| Redis::new(url, "wechat-test").expect("an address"));
            let shared = redis.map(|redis| Shared { redis, crypto });
            Wechat::new(&settings.wechat, clock.clone(), rng, shared).expect("a client")
        };
        let replicas = (1..=replicas).map(replica).collect();
        Self { wechat: stand_in.controls, clock, replicas }
    }

    fn advance(&self, by: Duration) {
        self.clock.advance(by);
        self.wechat.advance(by);
    }

    fn count(&self, path: &str) -> u64 {
        self.wechat.calls().get(path).copied().unwrap_or_default()
    }

    /// The openid of somebody who has just opened the mini program.
    async fn opens(&self, name: &str) -> String {
        let openid = self.replicas[0].login(&self.wechat.login_code(name)).await;
        openid.expect("a login").as_str().to_owned()
    }
}
