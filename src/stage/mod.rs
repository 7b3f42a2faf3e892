//! A stage: the whole service in this process, on real HTTP, with the clock in the hand of whoever directs, and
//! WeChat as the local stand-in. The demo plays on it, the seed makes its history on it, the tests act on it.
//!
//! Actors sign in as people do and speak over HTTP alone, so whatever is played here a phone could do.

mod actor;
pub mod cast;
mod reply;

use std::{net::TcpListener, sync::Arc, time::Duration};

use actix_web::{HttpServer, dev::ServerHandle};
use anyhow::{Context, ensure};
use entity::At;
use fake_wechat::Controls;
use reqwest::Client;

use crate::{
    app::{Site, app},
    boot,
    dispatch::board,
    identity::install_token_crypto,
    kernel::{Rng, clock::HandClock},
    letterbox,
    notify::push,
    platform::{AppState, config::Settings, cron},
    relay, schedule,
    telling::crowd,
};

pub use actor::{Actor, fresh_key};
pub use reply::{Reply, id};

/// The service, playing.
pub struct Stage {
    pub state: AppState,
    pub clock: Arc<HandClock>,
    pub wechat: Controls,
    pub url: String,
    pub http: Client,
    servers: Vec<ServerHandle>,
}

/// WeChat's stand-in on a free port.
pub struct StandIn {
    pub controls: Controls,
    pub url: String,
    handle: ServerHandle,
}

impl StandIn {
    /// # Errors
    /// When no port is free.
    pub fn start(settings: &Settings, now: At) -> anyhow::Result<Self> {
        let options = fake_wechat::Options {
            app_id: settings.wechat.app_id.clone(),
            secret: settings.wechat.secret.clone(),
            clock: fake_wechat::Clock::standing_at(now.ms()),
        };
        let controls: Controls = options.into();
        let listener = TcpListener::bind("127.0.0.1:0").context("find a free port")?;
        let url = format!("http://{}", listener.local_addr()?);
        let server = fake_wechat::serve(listener, controls.clone())?;
        let handle = server.handle();
        tokio::spawn(server);
        Ok(Self { controls, url, handle })
    }
}

impl Stage {
    /// Sets up over a migrated database; the clock stands at `now` until it is moved.
    ///
    /// # Errors
    /// Whatever keeps the service from starting.
    pub async fn set(mut settings: Settings, now: At, rng: Rng) -> anyhow::Result<Self> {
        install_token_crypto();
        let wechat = StandIn::start(&settings, now)?;
        settings.wechat.base_url.clone_from(&wechat.url);
        let listener = TcpListener::bind("127.0.0.1:0").context("find a free port")?;
        let url = format!("http://{}", listener.local_addr()?);
        // Port 0: the one it gets.
        if settings.http.public_url == "http://127.0.0.1:0" {
            settings.http.public_url.clone_from(&url);
        }
        let clock = HandClock::at(now);
        let state = boot::state(settings, boot::Parts { clock: clock.clone(), rng }).await?;
        board::settle(&state).await?;

        let site = Site::new(state.clone())?;
        let server = HttpServer::new(move || app(&site))
            .workers(2)
            .disable_signals()
            .listen(listener)
            .context("listen")?
            .run();
        let servers = vec![server.handle(), wechat.handle];
        tokio::spawn(server);
        let http = Client::builder().no_proxy().build().context("make a client")?;
        Ok(Self { state, clock, wechat: wechat.controls, url, http, servers })
    }

    /// Runs the background work until nothing is left to do.
    ///
    /// # Errors
    /// When a reaction failed; its cause is in the log.
    pub async fn settle(&self) -> anyhow::Result<()> {
        loop {
            let round = relay::relay(&self.state).await?;
            ensure!(round.failed == 0, "{} facts could not be handled", round.failed);
            let told = letterbox::look(&self.state).await?;
            ensure!(told.failed == 0, "{} pushes could not be seen to", told.failed);
            let crowd = crowd::go_on(&self.state).await?;
            ensure!(crowd.failed == 0, "a chunk of a telling failed");
            if round.handled + told.handled + crowd.handled == 0 {
                break;
            }
        }
        while push::deliver(&self.state).await?.more {}
        board::settle(&self.state).await?;
        Ok(())
    }

    /// Rings for one job: rounds until nothing of it is due. Answers how much was done.
    ///
    /// # Errors
    /// When there is no such job, or a chunk of it failed; its cause is in the log.
    pub async fn ring(&self, key: &str) -> anyhow::Result<usize> {
        let job = schedule::job(key).with_context(|| format!("no job {key}"))?;
        self.ring_for(std::slice::from_ref(job)).await
    }

    /// Rings for the whole timetable.
    ///
    /// # Errors
    /// When a chunk failed.
    pub async fn ring_all(&self) -> anyhow::Result<usize> {
        self.ring_for(schedule::JOBS).await
    }

    async fn ring_for(&self, jobs: &[cron::Job]) -> anyhow::Result<usize> {
        let mut done = 0;
        loop {
            let round = cron::round(&self.state, jobs).await?;
            ensure!(round.failed == 0, "{} runs failed", round.failed);
            if round.handled == 0 && !round.more {
                return Ok(done);
            }
            done += round.handled;
        }
    }

    /// Moves the clock, the stand-in's too.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
        self.wechat.advance(by);
    }

    /// Stops answering.
    pub fn strike(&self) {
        for server in &self.servers {
            drop(server.stop(false));
        }
    }
}
