//! The two HTTP servers, each bound to its address and not running until awaited: the public one, and the admin
//! one for metrics and probes.

use std::{io, time::Duration};

use actix_web::{
    App, HttpServer,
    dev::Server,
    web::{self, Data},
};
use anyhow::{Context, bail};
use utoipa_actix_web::AppExt;

use crate::{
    app::{Site, app},
    platform::AppState,
    probes,
};

/// Proxies keep idle connections for a minute or so; they, not we, should be the ones to close them, or a
/// request could meet a closing connection.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// The server people connect to.
///
/// # Errors
/// When a route does not say who may call it, or the address cannot be had.
pub fn public(state: &AppState) -> anyhow::Result<Server> {
    let http = &state.settings.http;
    let site = Site::new(state.clone())?;
    let mut server = HttpServer::new(move || app(&site)).keep_alive(KEEP_ALIVE);
    if http.workers > 0 {
        server = server.workers(http.workers);
    }
    Ok(explain(server.bind(&http.listen), &http.listen, "LINLI__HTTP__LISTEN=127.0.0.1:18080")?
        .disable_signals()
        .shutdown_timeout(shutdown_seconds(state))
        .run())
}

/// The server the operator's tools connect to.
///
/// # Errors
/// When the address cannot be had.
pub fn admin(state: &AppState) -> anyhow::Result<Server> {
    let http = &state.settings.http;
    let state_data = Data::new(state.clone());
    let server = HttpServer::new(move || {
        App::new()
            .into_utoipa_app()
            .configure(probes::configure)
            .into_app()
            .app_data(state_data.clone())
            .route("/metrics", web::get().to(probes::figures))
    });
    let another = "LINLI__HTTP__ADMIN_LISTEN=127.0.0.1:18081";
    Ok(explain(server.workers(1).bind(&http.admin_listen), &http.admin_listen, another)?
        .disable_signals()
        .shutdown_timeout(shutdown_seconds(state))
        .run())
}

/// The limit is the lifecycle's to keep; actix' own must not come first and call it a success.
fn shutdown_seconds(state: &AppState) -> u64 {
    state.settings.http.stop_seconds + 5
}

/// Says what a failed bind means to an operator; `another` is how to choose another address.
///
/// # Errors
/// The failure, explained.
pub fn explain<T>(bound: io::Result<T>, address: &str, another: &str) -> anyhow::Result<T> {
    match bound {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => bail!(
            "{address} 已被占用 (address in use)：请停掉占用它的程序，或换一个端口，例如 {another}"
        ),
        bound => bound.with_context(|| format!("{address} 用不了 (cannot listen there)")),
    }
}
