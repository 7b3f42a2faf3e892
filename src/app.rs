//! The HTTP application as a value. Production, tests and the API document use the very same.
//!
//! From outside in: the desk of claims, which turns away at the door who would find a task full; `edge` (id, time
//! limit, log line, problems), compression, then `/api/v1` behind the guard and, beside it, the probes, the document,
//! the public page of a story, the two clients and what WeChat tells.

use actix_web::{
    App, Error, HttpRequest, HttpResponse,
    body::BoxBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::{Compress, from_fn},
    web::{self, Bytes, Data, PayloadConfig},
};
use anyhow::{Context, bail};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::{AppExt, UtoipaApp, scope};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::{
    claim::{Pools, Writer, desk},
    clients, document,
    identity::{
        Known,
        guard::{self, Rules},
    },
    letterbox, live,
    platform::{
        AppState,
        http::{
            Problem,
            edge::edge,
            problem::{METHOD, NOT_FOUND},
        },
    },
    probes, routes, showcase,
};

/// What every worker thread builds its copy of the application from.
#[derive(Clone)]
pub struct Site {
    state: Data<AppState>,
    rules: Data<Rules>,
    document: Data<Document>,
    writer: Data<Writer>,
    known: Data<Known>,
    pools: Data<Pools>,
}

/// The API document as it is sent.
struct Document(Bytes);

impl Site {
    /// Begins to write claims, on the runtime this is called on.
    ///
    /// # Errors
    /// Names every route that does not say who may call it.
    pub fn new(state: AppState) -> anyhow::Result<Self> {
        let document = routes_and_document();
        let json = serde_json::to_value(&document).context("write the API document")?;
        let rules = match Rules::from_document(&json) {
            Ok(rules) => rules,
            Err(faults) => bail!(
                "有 {} 个接口没有说明谁可以调用 (routes without a declared permission)：\n  {}",
                faults.len(),
                faults.join("\n  ")
            ),
        };
        let text = document::text(&document)?;
        live::follow(&state);
        Ok(Self {
            writer: Data::new(Writer::start(&state)),
            known: Data::new(Known::start(&state)),
            pools: Data::new(Pools::start(&state)),
            state: Data::new(state),
            rules: Data::new(rules),
            document: Data::new(Document(text.into())),
        })
    }
}

/// The application, ready for a server or for `actix_web::test::init_service`.
pub fn app(
    site: &Site,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    > + use<>,
> {
    let limit = site.state.settings.http.body_limit_bytes;
    // The validator badge would call a server outside.
    let page = Config::from("/openapi.json").validator_url("none").try_it_out_enabled(true);
    with_routes(App::new())
        .into_app()
        .app_data(site.state.clone())
        .app_data(site.rules.clone())
        .app_data(site.document.clone())
        .app_data(site.writer.clone())
        .app_data(site.known.clone())
        .app_data(site.pools.clone())
        .app_data(PayloadConfig::new(limit))
        .route("/openapi.json", web::get().to(openapi))
        .configure(showcase::page::configure)
        .configure(letterbox::configure)
        .configure(clients::configure)
        .service(web::redirect("/docs", "/docs/"))
        .service(SwaggerUi::new("/docs/{_:.*}").config(page))
        .default_service(web::to(nothing_here))
        .wrap(Compress::default())
        .wrap(from_fn(edge))
        .wrap(from_fn(desk))
}

/// The API document of exactly the routes that are served.
pub fn routes_and_document() -> OpenApi {
    let (_, mut document) = with_routes(App::new()).split_for_parts();
    document::complete(&mut document);
    document
}

fn with_routes<T>(app: App<T>) -> UtoipaApp<T>
where
    T: ServiceFactory<ServiceRequest, Config = (), Error = Error, InitError = ()>,
{
    app.into_utoipa_app()
        .openapi(document::frame())
        .configure(probes::configure)
        .service(scope("/api/v1").wrap(from_fn(guard::guard)).configure(routes::configure))
}

async fn openapi(document: Data<Document>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(document.0.clone())
}

/// The address may be right and the method wrong.
async fn nothing_here(request: HttpRequest) -> Result<HttpResponse, Problem> {
    Err(if request.match_pattern().is_some() { METHOD } else { NOT_FOUND }.into())
}
