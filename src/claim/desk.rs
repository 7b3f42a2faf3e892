//! 前台: a crowd at a full task hears so at the door, before a route is looked up or anybody asked. What the desk does
//! not know for certain goes on into the house as it came: the desk refuses, it never grants. Of whoever did something
//! in there, what lists remember is forgotten when they come out.

use actix_web::{
    Error, HttpMessage, HttpRequest,
    body::BoxBody,
    dev::{ServiceRequest, ServiceResponse},
    http::Method,
    middleware::Next,
    web::Data,
};
use uuid::Uuid;

use crate::{
    identity::{Known, Resident, guard},
    platform::{
        AppState,
        http::{
            Problem, RetryKey, edge,
            lanes::CLAIMS,
            limit::{self, Class},
        },
    },
};

use super::{
    gate::{self, Attempt, Reply},
    pools::Pools,
    refusal::Refusal,
};

/// The middleware; outside of `edge`, whose words it uses.
///
/// # Errors
/// Those of the house.
pub async fn desk(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if let Some((me, problem)) = turned_away(&request).await {
        return Ok(edge::refuse(request, CLAIMS, me.id(), &problem));
    }
    let looks = request.method().is_safe();
    let response = next.call(request).await?;
    if !looks {
        forget(response.request());
    }
    Ok(response)
}

fn forget(request: &HttpRequest) {
    let caller = request.extensions().get::<edge::Caller>().copied();
    if let Some((edge::Caller(who), pools)) = caller.zip(request.app_data::<Data<Pools>>()) {
        pools.forget(who);
    }
}

/// Who is refused, and why: a first tap, with its key, of somebody who is known, on a task that has its sign. What the
/// sign says is asked of the gate where it is not sure any more.
async fn turned_away(request: &ServiceRequest) -> Option<(Resident, Problem)> {
    let task = tapped(request.method(), request.path())?;
    let state = request.app_data::<Data<AppState>>()?;
    state.signs.read(task)?;
    let headers = request.headers();
    let key = RetryKey::read(headers).ok().flatten().filter(|_| Attempt::of(headers).is_first)?;
    let token = guard::bearer(headers).flatten()?;
    let me = request.app_data::<Data<Known>>()?.at_once(state, token)?;
    let refusal = match gate::sign::reads(state, &me, task) {
        Some(refusal) => refusal,
        None => asked(state, &me, task, key).await?,
    };
    let too_fast = limit::check_here(state, Class::Claim, &me.id().to_string()).err();
    Some((me, too_fast.unwrap_or_else(|| refusal.into())))
}

/// The gate's refusal, which the sign then says again.
async fn asked(state: &AppState, me: &Resident, task: Uuid, key: &str) -> Option<Refusal> {
    let said = gate::sign::said_to(state, me, task)?;
    let attempt = gate::token(state, me.id(), key);
    let refusal = match gate::enter(state, task, me.id(), &attempt).await {
        Reply::Full => Refusal::TaskFull,
        Reply::Closed => Refusal::TaskClosed,
        Reply::Miss | Reply::Busy | Reply::Pass => return None,
    };
    if refusal == said.refusal {
        state.signs.confirm(task, said.ver);
    }
    Some(refusal)
}

/// The task of `POST /api/v1/tasks/{id}/claims`, its id as clients write it.
fn tapped(method: &Method, path: &str) -> Option<Uuid> {
    let (before, after) = CLAIMS.split_once("{id}")?;
    let id = path.strip_prefix(before)?.strip_suffix(after)?;
    if method != Method::POST || id.len() != 36 {
        return None;
    }
    Uuid::try_parse(id).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tap_is_known_by_its_address_and_nothing_else_is_one() {
        let id = Uuid::from_u128(7);
        let path = format!("/api/v1/tasks/{id}/claims");
        assert_eq!(tapped(&Method::POST, &path), Some(id));
        assert_eq!(tapped(&Method::GET, &path), None);
        for other in [
            format!("/api/v1/tasks/{id}"),
            format!("/api/v1/tasks/{id}/claims/"),
            format!("/api/v1/tasks/{}/claims", id.simple()),
            "/api/v1/tasks/x/claims".to_owned(),
            "/".to_owned(),
        ] {
            assert_eq!(tapped(&Method::POST, &other), None, "{other}");
        }
    }
}
