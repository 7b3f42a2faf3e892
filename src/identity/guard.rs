//! Deny by default. Every operation declares in the API document who may call it (`security`); at start the guard
//! turns the document into a table and refuses to go on when a route says nothing. A request for a route that
//! is not in the table is answered as if nothing were there.
//!
//! To add a route: write `security(())` for everyone, `security(("bearer" = []))` for any signed-in person, or
//! `security(("bearer" = ["dispatcher", …]))` for holders of a role.

use std::{collections::HashMap, sync::Arc};

use ::entity::role_grant::Role;
use actix_web::{
    Error as ActixError, HttpMessage,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header,
    middleware::Next,
    web,
};
use sea_orm::ActiveEnum;
use serde_json::Value;

use crate::platform::{
    AppState,
    http::{
        address, edge,
        lanes::Lane,
        limit::{self, Class},
        problem::{FORBIDDEN, METHOD, NOT_FOUND, Problem, RELOGIN},
    },
};

use super::Known;

/// Who may call an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    Everyone,
    SignedIn,
    Holding(Vec<Role>),
}

/// Method and path pattern → rule.
#[derive(Clone, Debug)]
pub struct Rules(Arc<HashMap<(String, String), Rule>>);

impl Rules {
    /// From the API document.
    ///
    /// # Errors
    /// Every operation that does not say who may call it, or names a role that does not exist.
    pub fn from_document(document: &Value) -> Result<Self, Vec<String>> {
        let mut rules = HashMap::new();
        let mut faults = Vec::new();
        let paths = document["paths"].as_object().into_iter().flatten();
        for (path, operations) in paths {
            for (method, operation) in operations.as_object().into_iter().flatten() {
                match rule(&operation["security"]) {
                    Ok(rule) => {
                        rules.insert((method.to_uppercase(), path.clone()), rule);
                    }
                    Err(why) => faults.push(format!("{} {path}: {why}", method.to_uppercase())),
                }
            }
        }
        if faults.is_empty() { Ok(Self(Arc::new(rules))) } else { Err(faults) }
    }

    fn knows(&self, pattern: &str) -> bool {
        self.0.keys().any(|(_, known)| known == pattern)
    }

    fn find(&self, method: &str, pattern: &str) -> Option<&Rule> {
        self.0.get(&(method.to_owned(), pattern.to_owned()))
    }
}

fn rule(security: &Value) -> Result<Rule, String> {
    let Some(options) = security.as_array() else {
        return Err("does not declare who may call it".into());
    };
    let Some(roles) = options.first().and_then(|option| option["bearer"].as_array()) else {
        return Ok(Rule::Everyone);
    };
    let roles = roles
        .iter()
        .map(|role| {
            let name = role.as_str().unwrap_or_default().to_owned();
            Role::try_from_value(&name).map_err(|_| format!("no role is called {name:?}"))
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(if roles.is_empty() { Rule::SignedIn } else { Rule::Holding(roles) })
}

/// The middleware: finds out who calls, and whether the table lets them.
///
/// # Errors
/// `not_found` or `method_not_allowed` for undeclared routes, `auth.relogin` without a good token, `rate.limited`,
/// `auth.forbidden` without the role.
pub async fn guard<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, ActixError> {
    let rule = request
        .app_data::<web::Data<Rules>>()
        .zip(request.match_pattern())
        .and_then(|(rules, pattern)| rules.find(request.method().as_str(), &pattern).cloned());
    let Some(rule) = rule else {
        let known = request
            .app_data::<web::Data<Rules>>()
            .zip(request.match_pattern())
            .is_some_and(|(rules, pattern)| rules.knows(&pattern));
        return Err(Problem::from(if known { METHOD } else { NOT_FOUND }).into());
    };
    let caller = identify(&request).await?;
    count(&request, caller.as_deref()).await?;
    match (&rule, &caller) {
        (Rule::Everyone, _) => {}
        (_, None) => return Err(Problem::from(RELOGIN).into()),
        (Rule::Holding(roles), Some(caller)) if !caller.holds(roles) => {
            return Err(Problem::from(FORBIDDEN).into());
        }
        (_, Some(_)) => {}
    }
    if let Some(caller) = caller {
        request.extensions_mut().insert(edge::Caller(caller.person_id));
        request.extensions_mut().insert(caller);
    }
    next.call(request).await
}

/// Counts the call: a person's own, or, before anybody is known, their address'.
async fn count(request: &ServiceRequest, caller: Option<&super::Caller>) -> Result<(), Problem> {
    let Some(state) = request.app_data::<web::Data<AppState>>() else { return Ok(()) };
    let pattern = request.match_pattern().unwrap_or_default();
    let class = Class::of(request.method(), &pattern, caller.is_some());
    let who = match caller.filter(|_| class != Class::SignIn) {
        Some(caller) => caller.person_id.to_string(),
        None => address::of_service(request, &state.limits.trusted).to_string(),
    };
    limit::check(state, class, &who).await
}

/// Reading, and the tap on a task: after it the caller is who they were.
fn changes_nothing_of_theirs(request: &ServiceRequest) -> bool {
    let tap = || request.match_pattern().is_some_and(|it| Lane::of(&it) == Some(Lane::Claims));
    request.method().is_safe() || tap()
}

/// The person behind the bearer token; None without one. A bad token is told apart from none.
async fn identify(request: &ServiceRequest) -> Result<Option<Arc<super::Caller>>, Problem> {
    let Some(token) = bearer(request.headers()) else { return Ok(None) };
    let house =
        request.app_data::<web::Data<AppState>>().zip(request.app_data::<web::Data<Known>>());
    let Some((state, known)) = house else { return Err(RELOGIN.into()) };
    let claims = token.and_then(|token| known.verify(state, token));
    let Some(claims) = claims else { return Err(RELOGIN.into()) };
    let caller = match changes_nothing_of_theirs(request) {
        true => known.caller(&claims).await?,
        false => known.anew(&claims).await?,
    };
    caller.map(Some).ok_or_else(|| RELOGIN.into())
}

/// The token somebody shows; `Some(None)` where what stands in its place is none. A browser cannot set headers on a
/// WebSocket: there it comes as a subprotocol, never in the address.
pub fn bearer(headers: &header::HeaderMap) -> Option<Option<&str>> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        return Some(value.to_str().ok().and_then(|value| value.strip_prefix("Bearer ")));
    }
    let offered = headers.get(header::SEC_WEBSOCKET_PROTOCOL)?.to_str().ok()?;
    let token = offered.split(',').find_map(|one| one.trim().strip_prefix("bearer."));
    token.map(Some)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_route_that_does_not_say_who_may_call_it_is_a_fault() {
        let document = json!({"paths": {
            "/a": {"get": {"security": [{}]}},
            "/b": {"get": {"security": [{"bearer": []}]}},
            "/c": {"post": {"security": [{"bearer": ["dispatcher"]}]}},
        }});
        let rules = Rules::from_document(&document).unwrap();
        assert_eq!(rules.find("GET", "/a"), Some(&Rule::Everyone));
        assert_eq!(rules.find("GET", "/b"), Some(&Rule::SignedIn));
        assert_eq!(rules.find("POST", "/c"), Some(&Rule::Holding(vec![Role::Dispatcher])));
        assert_eq!(rules.find("GET", "/c"), None);

        let silent = json!({"paths": {"/d": {"get": {}}, "/e": {"get": {"security": [{"bearer": ["king"]}]}}}});
        let faults = Rules::from_document(&silent).unwrap_err().join("\n");
        assert!(faults.contains("GET /d") && faults.contains("king"), "{faults}");
    }
}
