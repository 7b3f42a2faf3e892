//! What the stand-in remembers between two calls.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    time::Duration,
};

use serde::Serialize;

use crate::{
    answer::Refused,
    codes::Codes,
    controls::Fault,
    grants::Grants,
    ids::Ids,
    media_check::MediaVerdict,
    pages::Pages,
    phone::Number,
    prompts::Prompt,
    pushes::Pushes,
    subscribe::{Fate, Message},
    text_check::{self, Word},
    tokens::Tokens,
};

/// Calls one by one; all are counted.
const REMEMBERED: usize = 30;

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) ids: Ids,
    /// Stand for a user's name.
    pub(crate) login_codes: Codes<String>,
    pub(crate) phone_codes: Codes<Number>,
    pub(crate) tokens: Tokens,
    /// By openid.
    pub(crate) users: BTreeMap<String, User>,
    /// Openids.
    pub(crate) blocked: BTreeSet<String>,
    /// By path, soonest first.
    pub(crate) faults: HashMap<String, VecDeque<Fault>>,
    /// By path.
    pub(crate) calls: BTreeMap<String, u64>,
    /// The newest first.
    pub(crate) recent: VecDeque<Call>,
    pub(crate) grants: Grants,
    /// By number.
    pub(crate) prompts: BTreeMap<u64, Prompt>,
    /// Oldest first.
    pub(crate) messages: Vec<Message>,
    /// Of the next messages.
    pub(crate) fates: VecDeque<Fate>,
    pub(crate) send_takes: Duration,
    pub(crate) words: Vec<Word>,
    /// Of the next pictures.
    pub(crate) media_verdicts: VecDeque<MediaVerdict>,
    pub(crate) pages: Pages,
    pub(crate) pushes: Pushes,
}

/// One call, for a person to read.
#[derive(Debug, Serialize)]
pub(crate) struct Call {
    pub(crate) at_ms: i64,
    pub(crate) path: String,
    /// What went wrong with it on command.
    pub(crate) fault: Option<String>,
}

/// Somebody who logged in.
#[derive(Debug, Default)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) logins: u64,
    /// The last time.
    pub(crate) last_ms: i64,
}

/// The one app it plays WeChat for.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) id: String,
    secret: String,
}

impl App {
    /// Holds what a caller sent against it.
    pub(crate) fn check(&self, id: Option<&str>, secret: Option<&str>) -> Result<(), Refused> {
        match (id.unwrap_or_default(), secret.unwrap_or_default()) {
            ("", _) => Err(Refused(41002)),
            (id, _) if id != self.id => Err(Refused(40013)),
            (_, "") => Err(Refused(41004)),
            (_, secret) if secret != self.secret => Err(Refused(40125)),
            _ => Ok(()),
        }
    }
}

impl World {
    /// Counts a call of that path; the fault it is to meet.
    pub(crate) fn called(&mut self, path: &str, now_ms: i64) -> Option<Fault> {
        *self.calls.entry(path.to_owned()).or_default() += 1;
        let fault = self.faults.get_mut(path).and_then(VecDeque::pop_front);
        let said = fault.map(|fault| format!("{fault:?}"));
        self.recent.push_front(Call { at_ms: now_ms, path: path.to_owned(), fault: said });
        self.recent.truncate(REMEMBERED);
        fault
    }

    pub(crate) fn new(app_id: String, secret: String) -> Self {
        Self {
            app: App { id: app_id, secret },
            ids: Ids::default(),
            login_codes: Codes::default(),
            phone_codes: Codes::default(),
            tokens: Tokens::default(),
            users: BTreeMap::new(),
            blocked: BTreeSet::new(),
            faults: HashMap::new(),
            calls: BTreeMap::new(),
            recent: VecDeque::new(),
            grants: Grants::default(),
            prompts: BTreeMap::new(),
            messages: Vec::new(),
            fates: VecDeque::new(),
            send_takes: Duration::ZERO,
            words: text_check::words(),
            media_verdicts: VecDeque::new(),
            pages: Pages::default(),
            pushes: Pushes::default(),
        }
    }
}
