//! A stand-in for WeChat's server API, for one app, on this machine. It knows WeChat's rules and nothing of the
//! client that calls it; the client knows nothing of it.
//!
//! - one file per call of WeChat's: `login`, `stable_token`, `token`, `phone`, `subscribe`, `templates`,
//!   `text_check`, `media_check`, `wxacode`
//! - what they stand upon: `codes` (single use), `tokens` (renewal, overlap, force), `grants` and `prompts` (who
//!   accepted which messages), `values` (what a message may say), `pages`, `ids`, `clock`
//! - what WeChat tells of its own accord: `events`, which `pushes` keeps, `wording` words, `seal` seals and `sender`
//!   sends; `outside` is all that the stand-in itself calls
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
mod events;
mod gate;
mod grants;
mod ids;
mod login;
mod media_check;
mod outside;
mod page;
mod pages;
mod phone;
mod prompts;
mod pushes;
mod seal;
mod sender;
mod stable_token;
mod subscribe;
mod templates;
#[cfg(test)]
mod testing;
mod text_check;
mod token;
mod tokens;
mod values;
mod wording;
mod world;
mod wxacode;

use std::{io, net::TcpListener};

use actix_web::{App, HttpServer, dev::Server, middleware::from_fn, rt, web};

pub use clock::Clock;
pub use controls::pushes::PushReport;
pub use controls::{Controls, Fault};
pub use media_check::MediaVerdict;
pub use prompts::{Asked, Prompt, Verdicts};
pub use pushes::{PushState, PushTarget, Spoil, Try};
pub use seal::{sealed, signature};
pub use subscribe::{Fate, Message};
pub use text_check::{Suggest, Word};
pub use wording::Wording;

/// Which app the stand-in plays WeChat for, and by which clock.
#[derive(Clone, Debug)]
pub struct Options {
    pub app_id: String,
    pub secret: String,
    pub clock: Clock,
}

/// The id of the template of that title; the same in every run. None where there is none.
pub fn template(title: &str) -> Option<String> {
    templates::Template::named(title).map(|template| template.id.clone())
}

/// Serves on `listener` until the returned server is stopped. Takes [`Options`], or the [`Controls`] made of
/// them where the caller wants to keep a hand on it.
///
/// # Errors
/// When the listener cannot be used.
pub fn serve(listener: TcpListener, controls: impl Into<Controls>) -> io::Result<Server> {
    let controls = web::Data::new(controls.into());
    let app = move || {
        // Within the server's one worker, so that it ends with it.
        rt::spawn(sender::run(controls.get_ref().clone()));
        App::new().app_data(controls.clone()).configure(routes)
    };
    let server = HttpServer::new(app)
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
        .route("/wxa/business/getuserphonenumber", web::post().to(phone::getuserphonenumber))
        .route("/cgi-bin/message/subscribe/send", web::post().to(subscribe::send))
        .route("/wxaapi/newtmpl/gettemplate", web::get().to(templates::gettemplate))
        .route("/wxa/msg_sec_check", web::post().to(text_check::msg_sec_check))
        .route("/wxa/media_check_async", web::post().to(media_check::media_check_async))
        .route("/wxa/getwxacodeunlimit", web::post().to(wxacode::getwxacodeunlimit));
    config
        .route("/", web::get().to(page::show))
        .service(
            web::scope("/__fake")
                // A developer's curl says nothing of JSON.
                .app_data(
                    web::JsonConfig::default().content_type_required(false).content_type(|_| true),
                )
                .configure(control_api::routes),
        )
        // Last: an empty prefix takes whatever is left.
        .service(wechat);
}
