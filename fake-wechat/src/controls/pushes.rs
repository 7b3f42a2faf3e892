//! What WeChat tells the mini program's server, rightly or as a forger would.

use serde::Serialize;
use serde_json::Value;

use crate::{
    Controls, Wording,
    events::Event,
    outside,
    pushes::{PushState, PushTarget, Spoil, Try},
    sender::{self, ACCOUNT},
};

/// A push and what came of it.
#[derive(Clone, Debug, Serialize)]
pub struct PushReport {
    pub id: u64,
    /// What it says, as JSON, whatever form it is sent in.
    pub told: Value,
    pub due_ms: i64,
    pub spoil: Option<Spoil>,
    pub state: PushState,
    pub tries: Vec<Try>,
}

impl Controls {
    /// From now on WeChat tells this server, or nobody.
    pub fn push_to(&self, target: Option<PushTarget>) {
        self.with(|world, _| world.pushes.target = target);
    }

    /// Checks the address as WeChat does when it is saved. Tells whether the server passed.
    pub async fn check_push_url(&self) -> bool {
        let check = self.with(sender::check);
        let Some((url, echo)) = check else { return false };
        outside::fetch(&url, 1024).await.is_ok_and(|said| said == echo.as_bytes())
    }

    /// Tells of an event of any name, from that openid, with these fields; spoilt where a server has to refuse it.
    /// The number it has in [`Self::pushes`].
    pub fn push(&self, from: &str, name: &str, fields: Value, spoil: Option<Spoil>) -> u64 {
        let event = Event::of(from, name, fields);
        self.with(|world, now_ms| world.pushes.tell_spoilt(now_ms, event, spoil))
    }

    /// Tells the same once more, sealed anew, as WeChat does when it missed the answer.
    pub fn push_again(&self, id: u64) -> Option<u64> {
        self.with(|world, _| {
            let push = world.pushes.all.get(&id)?.clone();
            Some(world.pushes.tell_spoilt(push.due_ms, push.event, push.spoil))
        })
    }

    /// Sends the very bytes of a push once more, as somebody would who had seen them. None: there are none.
    pub async fn replay(&self, id: u64) -> Option<Try> {
        let letter = self.with(|world, _| world.pushes.all.get(&id)?.sent.clone())?;
        Some(outside::post(&letter).await)
    }

    /// Everything told and to be told, oldest first.
    pub fn pushes(&self) -> Vec<PushReport> {
        self.with(|world, _| {
            let reports = world.pushes.all.iter().map(|(id, push)| PushReport {
                id: *id,
                told: as_json(&push.event, push.due_ms),
                due_ms: push.due_ms,
                spoil: push.spoil,
                state: push.state,
                tries: push.tries.clone(),
            });
            reports.collect()
        })
    }

    /// What WeChat has had to tell so far, as JSON, oldest first; what is due later is left out.
    pub fn told(&self) -> Vec<Value> {
        self.with(|world, now_ms| {
            let due = world.pushes.all.values().filter(|push| push.due_ms <= now_ms);
            due.map(|push| as_json(&push.event, push.due_ms)).collect()
        })
    }
}

fn as_json(event: &Event, at_ms: i64) -> Value {
    let text = Wording::default().word(event, ACCOUNT, at_ms / 1000);
    serde_json::from_str(&text).unwrap_or_default()
}
