//! A stand-in for WeChat's server API, for one app, on this machine. It knows WeChat's rules and nothing of the
//! client that calls it; the client knows nothing of it.
//!
//! - one file per call of WeChat's: `login`, `stable_token`, `token`, `phone`
//! - what they stand upon: `codes` (single use), `tokens` (renewal, overlap, force), `ids`, `clock`
//! - `gate` stands before every call: it counts, refuses chunked bodies and plays the faults asked for
//! - `controls` is the handle for tests in the same process; `control_api` is the same under `/__fake/`;
//!   `page` at `/` tells a person what this is
//!
//! The next call: a file of its own, a route in `routes`, its words in `answer`.

mod answer;
mod clock;
mod codes;
mod control_api;
mod controls;
mod gate;
mod ids;
mod login;
mod page;
mod phone;
mod stable_token;
#[cfg(test)]
mod testing;
mod token;
mod tokens;
mod world;

use std::{io, net::TcpListener};

use actix_web::{App, HttpServer, dev::Server, middleware::from_fn, web};

pub use clock::Clock;
pub use controls::{Controls, Fault};

/// Which app the stand-in plays WeChat for, and by which clock.
#[derive(Clone, Debug)]
pub struct Options {
    pub app_id: String,
    pub secret: String,
    pub clock: Clock,
}

/// Serves on `listener` until the returned server is stopped. Takes [`Options`], or the [`Controls`] made of
/// them where the caller wants to keep a hand on it.
///
/// # Errors
/// When the listener cannot be used.
pub fn serve(listener: TcpListener, controls: impl Into<Controls>) -> io::Result<Server> {
    let controls = web::Data::new(controls.into());
    let server = HttpServer::new(move || App::new().app_data(controls.clone()).configure(routes))
        .workers(1)
        .shutdown_timeout(1)
        // Signals belong to the process it lives in.
        .disable_signals()
        .listen(listener)?;
    Ok(server.run())
}

fn routes(config: &mut web::ServiceConfig) {
    let wechat = web::scope("")
        .wrap(from_fn(gate::pass))
        .route("/sns/jscode2session", web::get().to(login::jscode2session))
        .route("/cgi-bin/stable_token", web::post().to(stable_token::stable_token))
        .route("/cgi-bin/token", web::get().to(token::token))
        .route("/wxa/business/getuserphonenumber", web::post().to(phone::getuserphonenumber));
    config
        .route("/", web::get().to(page::show))
        .service(web::scope("/__fake").configure(control_api::routes))
        // Last: an empty prefix takes whatever is left.
        .service(wechat);
}
