//! Around every request: an id, a time limit, one log line, security headers, and problems rendered in the
//! language asked for. The inner cause of a failure is logged here, once, whole.

use std::time::Duration;

use actix_web::{
    Error as ActixError, HttpMessage, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{
        Method,
        header::{self, HeaderName, HeaderValue},
    },
    middleware::Next,
    web,
};
use uuid::Uuid;

use crate::{kernel::clock::Stopwatch, platform::AppState};

use super::{
    lanes::{Lane, Place},
    problem::{
        INTERNAL, METHOD, NOT_FOUND, OVERLOADED, Problem, TOO_LARGE, UNKNOWN_OUTCOME, VALIDATION,
    },
};

/// On a response: it is worded for somebody who does not read problems.
#[derive(Clone, Copy, Debug)]
pub struct AsItIs;

/// Who the guard found out is calling, for the log line: an id that means nothing outside.
#[derive(Clone, Copy, Debug)]
pub struct Caller(pub Uuid);

/// Counts a request for as long as it is being answered, also when the client hangs up.
struct Inside {
    _place: Option<Place>,
}

impl Inside {
    /// # Errors
    /// When all places of the lane are taken.
    fn enter(state: Option<&AppState>, route: &str) -> Result<Self, Problem> {
        let place = match state.zip(Lane::of(route)) {
            None => None,
            Some((state, lane)) => match state.lanes.enter(lane) {
                Some(place) => Some(place),
                None => return Err(Problem::from(OVERLOADED).retry_after(1)),
            },
        };
        metrics::gauge!("linli_http_in_flight").increment(1.0);
        Ok(Self { _place: place })
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        metrics::gauge!("linli_http_in_flight").decrement(1.0);
    }
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What is known of a request before it goes in. The request itself may not be kept: actix wants it alone.
struct Seen {
    id: String,
    method: Method,
    /// The route's pattern, never the path or the query: those may name people. None: no route is called so.
    pattern: Option<String>,
    english: bool,
    watch: Stopwatch,
}

impl Seen {
    fn of(request: &ServiceRequest, pattern: Option<String>) -> Self {
        let state = request.app_data::<web::Data<AppState>>();
        Self {
            id: request_id(request, state.map(|state| &***state)),
            method: request.method().clone(),
            pattern,
            english: prefers_english(request.headers()),
            watch: Stopwatch::start(),
        }
    }

    fn route(&self) -> &str {
        self.pattern.as_deref().unwrap_or("(no route)")
    }
}

/// The middleware; the outermost one.
///
/// # Errors
/// Problems that did not become a response inside (the guard's, the time limit), rendered in full.
pub async fn edge<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse, ActixError> {
    let state = request.app_data::<web::Data<AppState>>().cloned();
    let seen = Seen::of(&request, request.match_pattern());
    let limit = state.as_ref().map_or(10, |state| time_limit(state, request.headers()));
    let inside = Inside::enter(state.as_ref().map(|state| &***state), seen.route());
    let outcome = match inside {
        Err(full) => Ok(Err(full.into())),
        Ok(_inside) => tokio::time::timeout(Duration::from_secs(limit), next.call(request)).await,
    };
    let error = match outcome {
        Ok(Ok(response)) => return Ok(answered(&seen, response.map_into_boxed_body())),
        Ok(Err(error)) => error,
        // What only reads did nothing; anything else may have been stored just as the time ran out.
        Err(_) if seen.method == Method::GET => Problem::from(OVERLOADED).retry_after(1).into(),
        Err(_) => Problem::from(UNKNOWN_OUTCOME).retry_after(1).into(),
    };
    let mut rendered = match error.as_error::<Problem>() {
        Some(problem) => render(problem, &seen),
        None => render(&stand_in(error.as_response_error().status_code().as_u16()), &seen),
    };
    let status = rendered.status().as_u16();
    finish(rendered.headers_mut(), &seen.id);
    log(&seen, status, None);
    Err(InternalError::from_response(error, rendered).into())
}

/// A refusal that was found before a route was looked up, made into the answer it would have been inside.
pub fn refuse(
    request: ServiceRequest,
    pattern: &str,
    caller: Uuid,
    problem: &Problem,
) -> ServiceResponse {
    let seen = Seen::of(&request, Some(pattern.to_owned()));
    let mut rendered = render(problem, &seen);
    finish(rendered.headers_mut(), &seen.id);
    log(&seen, rendered.status().as_u16(), Some(Caller(caller)));
    request.into_response(rendered)
}

/// Seconds a request may take; forms with files come from phones with one bar.
fn time_limit(state: &AppState, headers: &header::HeaderMap) -> u64 {
    let kind = headers.get(header::CONTENT_TYPE);
    match kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data")) {
        true => state.settings.files.upload_seconds,
        false => state.settings.http.request_seconds,
    }
}

/// The response on its way out: refusals in our words, headers, log line.
fn answered(seen: &Seen, mut response: ServiceResponse) -> ServiceResponse {
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        let rendered = match response.response().error().and_then(|error| error.as_error()) {
            Some(problem) => Some(render(problem, seen)),
            None if is_ours(&response) => None,
            None => Some(render(&stand_in(status.as_u16()), seen)),
        };
        if let Some(rendered) = rendered {
            response = response.into_response(rendered);
        }
    }
    finish(response.headers_mut(), &seen.id);
    let caller = response.request().extensions().get::<Caller>().copied();
    log(seen, response.status().as_u16(), caller);
    response
}

/// The id a proxy gave, where it is a plain one; otherwise a new one.
fn request_id(request: &ServiceRequest, state: Option<&AppState>) -> String {
    let given = request.headers().get(&REQUEST_ID).and_then(|value| value.to_str().ok());
    match given {
        Some(id)
            if id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') =>
        {
            id.to_owned()
        }
        _ => state
            .map_or_else(String::new, |state| state.rng.id(state.clock.now()).simple().to_string()),
    }
}

fn render(problem: &Problem, seen: &Seen) -> HttpResponse {
    if let Some(cause) = problem.cause() {
        tracing::error!(
            request.id = seen.id,
            step = cause.step,
            trouble = ?cause.trouble,
            cause = format!("{:#}", cause.cause),
            "a request failed at: {}",
            cause.step
        );
    }
    metrics::counter!("linli_problems_total", "code" => problem.kind().code).increment(1);
    problem.render(seen.english, seen.pattern.as_deref(), &seen.id)
}

/// What a bare status of the framework means in our words.
fn stand_in(status: u16) -> Problem {
    match status {
        404 => NOT_FOUND.into(),
        405 => METHOD.into(),
        413 => TOO_LARGE.into(),
        500.. => INTERNAL.into(),
        _ => VALIDATION.into(),
    }
}

/// Whether it was worded by us already: a problem, the probes' 503, a page for people, or a word for WeChat.
fn is_ours(response: &ServiceResponse) -> bool {
    if response.response().extensions().contains::<AsItIs>() {
        return true;
    }
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| {
        ["application/problem+json", "application/json", "text/html; charset=utf-8"]
            .iter()
            .any(|ours| kind.as_bytes().starts_with(ours.as_bytes()))
    })
}

/// English only where it is asked for before Chinese.
fn prefers_english(headers: &header::HeaderMap) -> bool {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    wanted.is_some_and(|wanted| wanted.trim_start().to_ascii_lowercase().starts_with("en"))
}

fn finish(headers: &mut header::HeaderMap, request_id: &str) {
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, id);
    }
    let nosniff = HeaderValue::from_static("nosniff");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// One line per request.
fn log(seen: &Seen, status: u16, caller: Option<Caller>) {
    let (Seen { id, method, watch, .. }, route) = (seen, seen.route());
    let actor = caller.map(|caller| caller.0.to_string());
    metrics::histogram!("linli_http_seconds", "route" => route.to_owned(), "status" => status.to_string())
        .record(watch.elapsed().as_secs_f64());
    tracing::info!(
        request.id = id,
        http.method = %method,
        http.route = route,
        http.status = status,
        actor.id = actor.as_deref().unwrap_or("-"),
        duration_ms = watch.ms(),
        "{method} {route} answered {status}"
    );
}
