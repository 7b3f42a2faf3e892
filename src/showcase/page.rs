//! A published story as a page of its own, for whoever got the link: no sign-in, no script, nothing loaded from
//! elsewhere. What is not published, or no longer, was never there.

use std::sync::LazyLock;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, ETAG, IF_NONE_MATCH},
    },
    web::{self, Data, ServiceConfig},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use crate::{
    identity::Anyone,
    kernel::day,
    platform::{
        AppState,
        crypto::sha256_b64,
        http::{Id, Problem},
    },
};

use super::{
    draft::spoken_minutes,
    markup::{self, escape},
    store,
    view::{self, StoryView},
};

const CSS: &str = include_str!("page.css");
/// The only style the browser accepts.
static CSS_HASH: LazyLock<String> =
    LazyLock::new(|| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(CSS))));
/// Signs of the preview beside a shared link.
const PREVIEW: usize = 80;

/// `GET /s/{id}`
async fn story_page(
    state: Data<AppState>,
    nobody: Anyone,
    id: Result<Id, Problem>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (db, scope) = (state.db.read(), nobody.scope());
    let found = match id {
        Ok(id) => store::find(db, &scope, id.0).await?,
        Err(_) => None,
    };
    let home = state.settings.http.public_url.trim_end_matches('/');
    Ok(match found {
        Some(story) => {
            let story = view::one(db, &state, &scope, story).await?;
            send(&http, home, StatusCode::OK, page(home, &story))
        }
        None => send(&http, home, StatusCode::NOT_FOUND, gone()),
    })
}

/// Pages beside the API.
pub fn configure(routes: &mut ServiceConfig) {
    routes.route("/s/{id}", web::get().to(story_page));
}

fn send(http: &HttpRequest, home: &str, status: StatusCode, page: String) -> HttpResponse {
    let tag = format!("W/\"{}\"", &sha256_b64(page.as_bytes())[..22]);
    let known = http.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if status == StatusCode::OK && known.is_some_and(|known| known.contains(&tag)) {
        return HttpResponse::NotModified().insert_header((ETAG, tag)).finish();
    }
    let policy = format!(
        "default-src 'none'; img-src 'self' {home}; style-src {}; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'",
        *CSS_HASH
    );
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .insert_header((ETAG, tag))
        .body(page)
}

fn page(home: &str, story: &StoryView) -> String {
    let title = escape(&story.title);
    let preview = escape(&markup::plain(&story.words, PREVIEW));
    let org = escape(&story.org_name);
    let mut head = format!(
        "<title>{title} · {org}</title>\n\
         <meta name=\"description\" content=\"{preview}\">\n\
         <meta property=\"og:type\" content=\"article\">\n\
         <meta property=\"og:locale\" content=\"zh_CN\">\n\
         <meta property=\"og:site_name\" content=\"邻里 · {org}\">\n\
         <meta property=\"og:title\" content=\"{title}\">\n\
         <meta property=\"og:description\" content=\"{preview}\">\n\
         <meta property=\"og:url\" content=\"{}/s/{}\">\n",
        escape(home),
        story.id
    );
    if let Some(cover) = story.photos.first() {
        head.push_str(&format!(
            "<meta property=\"og:image\" content=\"{}\">\n\
             <meta property=\"og:image:width\" content=\"{}\">\n\
             <meta property=\"og:image:height\" content=\"{}\">\n\
             <meta name=\"twitter:card\" content=\"summary_large_image\">\n",
            escape(&cover.url),
            cover.width,
            cover.height
        ));
    }
    let when = story.published_at.map(day::spoken).unwrap_or_default();
    let body = format!(
        "<p class=\"org\">{org}</p>\n<h1>{title}</h1>\n<time>{when} 发布</time>\n{}{}{}\
         <footer>人数和时长来自服务账本；发布前由另一位同事审核过。</footer>\n",
        figures(story),
        photos(story),
        markup::html(&story.blocks)
    );
    document(&head, &body)
}

fn figures(story: &StoryView) -> String {
    if story.people == 0 {
        return String::new();
    }
    format!(
        "<dl><div><dt>参与</dt><dd>{} 人</dd></div><div><dt>服务时长</dt><dd>{}</dd></div></dl>\n",
        story.people,
        spoken_minutes(story.minutes.into())
    )
}

fn photos(story: &StoryView) -> String {
    let images = story.photos.iter().zip(1..).map(|(photo, n)| {
        format!(
            "<img src=\"{}\" width=\"{}\" height=\"{}\" alt=\"现场照片 {n}\" loading=\"lazy\">\n",
            escape(&photo.url),
            photo.width,
            photo.height
        )
    });
    match story.photos.len() {
        0 => String::new(),
        n => {
            let many = if n > 2 { " many" } else { "" };
            format!("<div class=\"photos{many}\">\n{}</div>\n", images.collect::<String>())
        }
    }
}

fn gone() -> String {
    let head = "<title>这篇晒单不在了 · 邻里</title>\n<meta name=\"robots\" content=\"noindex\">\n";
    let body =
        "<div class=\"gone\"><h1>这篇晒单不在了</h1><p>可能已经撤下，或者地址不完整。</p></div>\n";
    document(head, body)
}

fn document(head: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"zh-Hans\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"format-detection\" content=\"telephone=no\">\n\
         {head}<style>{CSS}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )
}
