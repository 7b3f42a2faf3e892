//! What WeChat has to tell the mini program's server, and what came of telling it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{events::Event, wording::Wording};

/// Everything told and to be told, and whom.
#[derive(Debug, Default)]
pub(crate) struct Pushes {
    last: u64,
    /// By number, the oldest first.
    pub(crate) all: BTreeMap<u64, Push>,
    pub(crate) target: Option<PushTarget>,
}

/// What stands in WeChat's console under 消息推送.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushTarget {
    pub url: String,
    pub token: String,
    /// EncodingAESKey, 43 signs: safe mode. None: plaintext.
    pub aes_key: Option<String>,
    #[serde(default)]
    pub wording: Wording,
}

/// One thing to tell.
#[derive(Clone, Debug)]
pub(crate) struct Push {
    /// By the stand-in's clock.
    pub(crate) due_ms: i64,
    pub(crate) event: Event,
    pub(crate) spoil: Option<Spoil>,
    pub(crate) state: PushState,
    pub(crate) tries: Vec<Try>,
    /// As it was sent last.
    pub(crate) sent: Option<Letter>,
}

/// What is wrong with a push, as nobody but a forger would send it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Spoil {
    /// Its signatures are made with another token.
    Signature,
    /// It is sealed for another app.
    AppId,
    /// Its body ends half way.
    Truncated,
    /// A bit of the body was turned after it was signed.
    Flipped,
    /// Rightly signed, an hour ago.
    Stale,
}

/// How far a push is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PushState {
    /// For its time.
    Waiting,
    /// There is nobody to tell.
    Untold,
    Sending,
    /// The server said so.
    Taken,
    /// After the last try.
    GivenUp,
}

/// One try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Try {
    /// None: no answer.
    pub status: Option<u16>,
    /// The answer, or why there was none.
    pub said: String,
}

/// What goes over the wire.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) url: String,
    pub(crate) content_type: &'static str,
    pub(crate) body: Vec<u8>,
}

impl Pushes {
    /// Tells it once that time has come.
    pub(crate) fn tell(&mut self, due_ms: i64, event: Event) -> u64 {
        self.tell_spoilt(due_ms, event, None)
    }

    pub(crate) fn tell_spoilt(&mut self, due_ms: i64, event: Event, spoil: Option<Spoil>) -> u64 {
        self.last += 1;
        let (state, tries, sent) = (PushState::Waiting, Vec::new(), None);
        self.all.insert(self.last, Push { due_ms, event, spoil, state, tries, sent });
        self.last
    }

    /// Takes up what is due: the numbers, and to whom.
    pub(crate) fn take_due(&mut self, now_ms: i64) -> Vec<u64> {
        let told = self.target.is_some();
        let waits = |push: &Push| push.state == PushState::Waiting && push.due_ms <= now_ms;
        let mut due = Vec::new();
        for (id, push) in self.all.iter_mut().filter(|(_, push)| waits(push)) {
            push.state = if told { PushState::Sending } else { PushState::Untold };
            if told {
                due.push(*id);
            }
        }
        due
    }
}
