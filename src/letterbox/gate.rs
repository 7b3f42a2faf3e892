//! Whether it is WeChat who speaks, to us, and now. In safe mode `msg_signature` vouches for the body; in plaintext mode
//! `signature` vouches for nothing but time and nonce, which is why it has to be allowed.

use std::time::Duration;

use serde::Deserialize;

use crate::platform::{
    AppState,
    crypto::sha256_b64,
    wechat::{
        PushMode,
        push::{PushFault, PushKeys, Told},
    },
};

/// Longer than any `echostr` WeChat sends.
const LONGEST_ECHO: usize = 256;

/// What stands in the query. WeChat may add to it, and `openid` is not read: nothing vouches for it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Slip {
    signature: String,
    timestamp: String,
    nonce: String,
    encrypt_type: String,
    msg_signature: String,
    echostr: String,
}

/// What was told, and how it is known.
pub(super) struct Letter {
    pub digest: String,
    pub told: Told,
}

/// Why nobody listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    #[error(transparent)]
    Fault(#[from] PushFault),
    #[error("it was signed too long ago, or later than now")]
    Stale,
    #[error("wechat.push_modes does not allow how it came")]
    Mode,
    #[error("its echostr is none")]
    Echo,
}

/// The `echostr` of a check that WeChat signed.
///
/// # Errors
/// Why it is not WeChat's.
pub(super) fn echo(state: &AppState, keys: &PushKeys, slip: Slip) -> Result<String, Refused> {
    keys.check(&slip.signature, &[&slip.timestamp, &slip.nonce])?;
    fresh(state, &slip.timestamp)?;
    let echo = slip.echostr;
    let plain = echo.len() <= LONGEST_ECHO && echo.bytes().all(|byte| byte.is_ascii_graphic());
    if plain && !echo.is_empty() { Ok(echo) } else { Err(Refused::Echo) }
}

/// Reads what was told, once it is sure who told it.
///
/// # Errors
/// Why nobody listens.
pub(super) fn open(
    state: &AppState,
    keys: &PushKeys,
    slip: &Slip,
    body: &[u8],
) -> Result<Letter, Refused> {
    let Slip { signature, timestamp, nonce, msg_signature, .. } = slip;
    let mode = if slip.encrypt_type == "aes" { PushMode::Safe } else { PushMode::Plain };
    let allowed = state.settings.wechat.push_modes().unwrap_or_default();
    if !allowed.contains(&mode) {
        return Err(Refused::Mode);
    }
    let (plain, told) = match mode {
        PushMode::Safe => Told::unseal(keys, body, (msg_signature, timestamp, nonce))?,
        PushMode::Plain => {
            keys.check(signature, &[timestamp, nonce])?;
            (body.to_vec(), Told::read(body)?)
        }
    };
    fresh(state, timestamp)?;
    Ok(Letter { digest: sha256_b64(&plain), told })
}

/// Signed within the window around now. The seconds are covered by both signatures.
fn fresh(state: &AppState, timestamp: &str) -> Result<(), Refused> {
    let signed: i64 = timestamp.parse().map_err(|_| Refused::Stale)?;
    let window = Duration::from_secs(state.settings.wechat.push_window_minutes * 60);
    let apart = state.clock.now().ms().abs_diff(signed.saturating_mul(1000));
    if u128::from(apart) <= window.as_millis() { Ok(()) } else { Err(Refused::Stale) }
}
