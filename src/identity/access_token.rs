//! Access tokens: who, in which session, for a quarter of an hour. No role, no openid, no phone.

use entity::At;
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{kernel::Error, platform::AppState};

/// Seconds by which clocks of replicas may differ.
const LEEWAY_SECONDS: i64 = 30;
const TYPE: &str = "at+jwt";

/// What a token says. Times are seconds since the epoch.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    pub sub: Uuid,
    pub sid: Uuid,
    iss: String,
    aud: String,
    iat: i64,
    exp: i64,
}

/// Signs a token; answers it with its life in seconds.
///
/// # Errors
/// When the signing key is unusable, which start-up checks rule out.
pub fn issue(state: &AppState, person: Uuid, session: Uuid) -> Result<(String, u64), Error> {
    let auth = &state.settings.auth;
    let keys = auth
        .signing_keys
        .parse()
        .map_err(|why| Error::broken("read the signing key", anyhow::anyhow!(why)))?;
    let (kid, key) = &keys[0];
    let life = auth.access_minutes * 60;
    let iat = seconds(state.clock.now());
    let claims = Claims {
        sub: person,
        sid: session,
        iss: auth.issuer.clone(),
        aud: auth.audience.clone(),
        iat,
        exp: iat.saturating_add_unsigned(life),
    };
    let header =
        Header { typ: Some(TYPE.into()), kid: Some(kid.clone()), ..Header::new(Algorithm::HS256) };
    let token = encode(&header, &claims, &EncodingKey::from_secret(key))
        .map_err(|error| Error::broken("sign a token", error))?;
    Ok((token, life))
}

impl Claims {
    /// From then on the token opens nothing.
    pub fn ends(&self) -> At {
        At(self.exp.saturating_mul(1000))
    }

    /// Whether a token that says so is good at a time.
    pub(super) fn are_good_at(&self, now: At) -> bool {
        let now = seconds(now);
        now < self.exp + LEEWAY_SECONDS && self.iat <= now + LEEWAY_SECONDS
    }
}

/// What a token of ours says; None for anything else, whatever is wrong with it.
pub fn verify(state: &AppState, token: &str) -> Option<Claims> {
    let auth = &state.settings.auth;
    let header = decode_header(token).ok()?;
    if header.alg != Algorithm::HS256 || header.typ.as_deref() != Some(TYPE) {
        return None;
    }
    let (_, key) = auth
        .signing_keys
        .parse()
        .ok()?
        .into_iter()
        .find(|(kid, _)| header.kid.as_deref() == Some(kid))?;
    let mut rules = Validation::new(Algorithm::HS256);
    rules.set_issuer(&[&auth.issuer]);
    rules.set_audience(&[&auth.audience]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // Judged below by the clock everyone is handed.
    rules.validate_exp = false;
    let claims = decode::<Claims>(token, &DecodingKey::from_secret(&key), &rules).ok()?.claims;
    claims.are_good_at(state.clock.now()).then_some(claims)
}

fn seconds(at: At) -> i64 {
    at.ms().div_euclid(1000)
}
