//! The running parts of a process and how they stop. Start: addresses taken, loops, HTTP last. Soft stop on
//! SIGTERM or Ctrl-C: not ready, a pause for the balancer, loops finish their round, HTTP finishes what it has, connections close, exit 0.
//! A second signal, or `http.stop_seconds`, makes it hard: exit 1.

use std::{io, process::ExitCode, time::Duration};

use actix_web::dev::{Server, ServerHandle};
use anyhow::{Context, bail};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    task::JoinSet,
};

use crate::{
    kernel::clock::pause,
    loops::{Loop, Running},
    platform::{AppState, cron::Bell, health, metrics},
    rounds, schedule, server,
};

/// Answers people, and runs the loops unless `loops.enabled` is off.
///
/// # Errors
/// When a part cannot start, or ends by itself.
pub async fn serve(state: AppState) -> anyhow::Result<ExitCode> {
    let servers = vec![server::admin(&state)?, server::public(&state)?];
    let http = &state.settings.http;
    let ready = format!("邻里 linli: http://{}  (admin http://{})", http.listen, http.admin_listen);
    let loops = if state.settings.loops.enabled { rounds::all(&state) } else { Vec::new() };
    run(state, servers, loops, &ready).await
}

/// Runs the loops alone, with the admin address beside them.
///
/// # Errors
/// When a part cannot start, or ends by itself.
pub async fn work(state: AppState) -> anyhow::Result<ExitCode> {
    let servers = vec![server::admin(&state)?];
    let ready = format!("邻里 linli worker: (admin http://{})", state.settings.http.admin_listen);
    let loops = rounds::all(&state);
    run(state, servers, loops, &ready).await
}

async fn run(
    state: AppState,
    servers: Vec<Server>,
    loops: Vec<Loop>,
    ready: &str,
) -> anyhow::Result<ExitCode> {
    let mut signals = Signals::listen().context("cannot listen for signals")?;
    metrics::init();
    let bell = if loops.is_empty() { None } else { hang_bell(&state).await };
    let loops = Running::start(&state, loops);
    let handles: Vec<_> = servers.iter().map(Server::handle).collect();
    let mut serving: JoinSet<io::Result<()>> = servers.into_iter().collect();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "{ready}");

    let name = tokio::select! {
        name = signals.next() => name,
        Some(ended) = serving.join_next() => {
            bail!("an HTTP server ended by itself: {ended:?}");
        }
    };
    let limit = Duration::from_secs(state.settings.http.stop_seconds);
    tracing::info!("{name}: stopping, at most {} s; once more stops at once", limit.as_secs());
    health::begin_stopping();
    let why = tokio::select! {
        () = soft(state, bell, loops, &handles) => {
            tracing::info!("stopped");
            return Ok(ExitCode::SUCCESS);
        }
        name = signals.next() => format!("{name} again"),
        () = pause(limit) => "http.stop_seconds are over".to_owned(),
    };
    tracing::warn!("{why}: stopping hard; what was under way is dropped");
    for handle in &handles {
        drop(handle.stop(false));
    }
    Ok(ExitCode::FAILURE)
}

/// Without a bell the timetable is looked at as often as `schedule.look_seconds` says.
async fn hang_bell(state: &AppState) -> Option<Bell> {
    let hung = Bell::hang(schedule::JOBS, &state.wall.rung).await;
    hung.inspect_err(|error| tracing::warn!(%error, "the timetable has no bell")).ok()
}

/// First the balancer gets time to see that we are not ready. Then loops: database connections that were opened on an HTTP thread end with it. The admin server last but
/// one, so that `/ready` goes on saying no.
async fn soft(state: AppState, bell: Option<Bell>, loops: Running, handles: &[ServerHandle]) {
    pause(Duration::from_secs(state.settings.http.drain_seconds)).await;
    if let Some(bell) = bell {
        bell.take_down().await;
    }
    loops.stop().await;
    for handle in handles.iter().rev() {
        handle.stop(true).await;
    }
    state.db.close().await;
}

/// Both ways of being asked to stop.
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// From now on neither ends the process by itself.
    ///
    /// # Errors
    /// When the system does not allow it.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// The name of the next one.
    pub async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
