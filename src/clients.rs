//! The two clients as `scripts/clients` built them, carried in the program: the phone app under `/app/`, the office's
//! console under `/console/`. Both find their pages behind `#`, so one page of HTML each is all there is to find.
//!
//! What is in `assets` has the hash of its bytes in its name and is kept for a year; everything else is asked for
//! again each time and mostly answered with 304. The policy lets nothing run or load but what is ours.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{
        AcceptEncoding, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
        ETAG, Encoding, Header, IF_NONE_MATCH, VARY,
    },
    web::{self, ServiceConfig},
};
use rust_embed_for_web::{EmbedableFile, EmbeddedFile, RustEmbed};

use crate::platform::http::{Problem, html, problem::NOT_FOUND};

/// Every file with its gzip, where that is smaller; made when the program is built.
#[derive(RustEmbed)]
#[folder = "clients/dist/"]
#[br = false]
struct Built;

/// Styles are set by the component libraries as they go; pictures being uploaded are shown from `blob:`.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
                      object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const KEPT: &str = "public, max-age=31536000, immutable";
const ASKED_AGAIN: &str = "no-cache";

/// The pages beside the API.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(web::redirect("/", "/app/"));
    for client in ["app", "console"] {
        routes
            .service(web::redirect(format!("/{client}"), format!("/{client}/")))
            .route(&format!("/{client}/{{path:.*}}"), web::get().to(page))
            .route(&format!("/{client}/{{path:.*}}"), web::head().to(page));
    }
}

/// `GET /app/…` and `GET /console/…`
async fn page(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let path = request.path().trim_start_matches('/');
    if let Some(file) = Built::get(path) {
        return Ok(answer(&request, path, &file));
    }
    let Some(client) = path.strip_suffix('/') else { return Err(NOT_FOUND.into()) };
    match Built::get(&format!("{client}/index.html")) {
        Some(index) => Ok(answer(&request, "index.html", &index)),
        None if client.contains('/') => Err(NOT_FOUND.into()),
        None => Ok(html::answer(html::page("邻里", "", NOT_BUILT))),
    }
}

const NOT_BUILT: &str = "<p>这个程序里没有编进手机端和后台的网页。在仓库里运行 <code>make clients</code>，再编译一次。</p>\
                         <p>接口照常可用，文档在 <a href=\"/docs/\">/docs/</a>。</p>";

fn answer(request: &HttpRequest, path: &str, file: &EmbeddedFile) -> HttpResponse {
    let kept = path.contains("/assets/");
    let mut answer = match knows(request, file.etag()) {
        true => HttpResponse::NotModified(),
        false => HttpResponse::Ok(),
    };
    answer
        .insert_header((ETAG, file.etag()))
        .insert_header((CACHE_CONTROL, if kept { KEPT } else { ASKED_AGAIN }))
        .insert_header((VARY, "Accept-Encoding"))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY));
    if knows(request, file.etag()) {
        return answer.finish();
    }
    answer.insert_header((CONTENT_TYPE, kind(file)));
    match file.data_gzip().filter(|_| takes_gzip(request)) {
        Some(small) => answer.insert_header((CONTENT_ENCODING, "gzip")).body(small),
        // Said outright, so that the compressing layer leaves pictures alone.
        None => answer.insert_header((CONTENT_ENCODING, "identity")).body(file.data()),
    }
}

fn knows(request: &HttpRequest, tag: &str) -> bool {
    let known = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    known
        .is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag))
}

fn takes_gzip(request: &HttpRequest) -> bool {
    let gzip = [Encoding::gzip(), Encoding::identity()];
    AcceptEncoding::parse(request)
        .is_ok_and(|accepted| accepted.negotiate(gzip.iter()) == Some(Encoding::gzip()))
}

/// Text is UTF-8 here, and has to say so.
fn kind(file: &EmbeddedFile) -> String {
    let kind = file.mime_type().unwrap_or("application/octet-stream");
    match kind.starts_with("text/") {
        true => format!("{kind}; charset=utf-8"),
        false => kind.to_owned(),
    }
}
