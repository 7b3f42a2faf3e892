//! Tells the mini program's server what there is to tell, as WeChat does: five seconds for an answer, three tries,
//! each sealed anew.

use std::time::Duration;

use actix_web::rt::spawn;

use crate::{
    clock::pause,
    controls::Controls,
    ids,
    outside::post,
    pushes::{Letter, Push, PushState, PushTarget, Spoil, Try},
    seal::{sealed, signature},
    world::World,
};

const TRIES: usize = 3;
const BETWEEN_TRIES: Duration = Duration::from_millis(200);
const LOOKS_EVERY: Duration = Duration::from_millis(20);
/// The account behind the mini program.
pub(crate) const ACCOUNT: &str = "gh_linli";
const AN_HOUR_S: i64 = 3600;

/// Sends what becomes due until the server it lives in stops.
pub(crate) async fn run(controls: Controls) {
    loop {
        for id in controls.with(|world, now_ms| world.pushes.take_due(now_ms)) {
            spawn(deliver(controls.clone(), id));
        }
        pause(LOOKS_EVERY).await;
    }
}

async fn deliver(controls: Controls, id: u64) {
    for left in (0..TRIES).rev() {
        let Some(letter) = controls.with(|world, now_ms| write(world, id, now_ms)) else { return };
        let tried = post(&letter).await;
        let taken = is_taken(&tried);
        let over = controls.with(|world, _| {
            let Some(push) = world.pushes.all.get_mut(&id) else { return true };
            push.tries.push(tried);
            // A forger tries once.
            let over = taken || left == 0 || push.spoil.is_some();
            if over {
                push.state = if taken { PushState::Taken } else { PushState::GivenUp };
            }
            over
        });
        if over {
            return;
        }
        pause(BETWEEN_TRIES).await;
    }
}

/// WeChat is content with `success`, and with nothing.
pub(crate) fn is_taken(tried: &Try) -> bool {
    tried.status == Some(200) && ["", "success"].contains(&tried.said.as_str())
}

/// Words, seals and signs a push for the server of the settings.
fn write(world: &mut World, id: u64, now_ms: i64) -> Option<Letter> {
    let target = world.pushes.target.clone()?;
    let app_id = world.app.id.clone();
    let (salt, nonce) = (world.ids.salt(), world.ids.number("nonce") + 1_000_000_000);
    let push = world.pushes.all.get_mut(&id)?;
    let app_id = if push.spoil == Some(Spoil::AppId) { "wxsomebodyelse" } else { &app_id };
    let letter = letter(&target, push, app_id, salt, (now_ms / 1000, nonce))?;
    push.sent = Some(letter.clone());
    Some(letter)
}

fn letter(
    target: &PushTarget,
    push: &Push,
    app_id: &str,
    salt: [u8; 16],
    (now_s, nonce): (i64, u64),
) -> Option<Letter> {
    let spoil = push.spoil;
    let second = if spoil == Some(Spoil::Stale) { now_s - AN_HOUR_S } else { now_s };
    let (timestamp, nonce) = (second.to_string(), nonce.to_string());
    let token = if spoil == Some(Spoil::Signature) { "another token" } else { &target.token };
    let xml = target.wording.xml;
    let message = target.wording.word(&push.event, ACCOUNT, push.due_ms / 1000);
    let signed = signature(&[token, &timestamp, &nonce]);
    let mut url = url_with(
        &target.url,
        &[
            ("signature", &signed),
            ("timestamp", &timestamp),
            ("nonce", &nonce),
            ("openid", &push.event.from),
        ],
    );
    let mut body = message;
    if let Some(key) = &target.aes_key {
        let encrypt = sealed(key, salt, &body, app_id)?;
        let signed = signature(&[token, &timestamp, &nonce, &encrypt]);
        url = url_with(&url, &[("encrypt_type", "aes"), ("msg_signature", &signed)]);
        body = envelope(&encrypt, xml);
    }
    let mut body = body.into_bytes();
    let middle = body.len() / 2;
    match spoil {
        Some(Spoil::Truncated) => body.truncate(middle),
        // The lowest bit of a sign of Base64 makes another sign of it.
        Some(Spoil::Flipped) => body[middle] ^= 1,
        _ => {}
    }
    let content_type = if xml { "text/xml" } else { "application/json" };
    Some(Letter { url, content_type, body })
}

fn envelope(encrypt: &str, xml: bool) -> String {
    if xml {
        format!(
            "<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>\
             <Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>"
        )
    } else {
        serde_json::json!({ "ToUserName": ACCOUNT, "Encrypt": encrypt }).to_string()
    }
}

/// None of the values needs escaping.
fn url_with(url: &str, query: &[(&str, &str)]) -> String {
    let query: Vec<_> = query.iter().map(|(key, value)| format!("{key}={value}")).collect();
    format!("{url}{}{}", if url.contains('?') { '&' } else { '?' }, query.join("&"))
}

/// The check that WeChat makes when the address is saved: where to ask, and what has to come back.
pub(crate) fn check(world: &mut World, now_ms: i64) -> Option<(String, String)> {
    let target = world.pushes.target.clone()?;
    let (timestamp, nonce) = ((now_ms / 1000).to_string(), world.ids.number("nonce").to_string());
    let echo = ids::echo(&nonce);
    let signed = signature(&[&target.token, &timestamp, &nonce]);
    let url = url_with(
        &target.url,
        &[("signature", &signed), ("timestamp", &timestamp), ("nonce", &nonce), ("echostr", &echo)],
    );
    Some((url, echo))
}

#[cfg(test)]
mod tests;
