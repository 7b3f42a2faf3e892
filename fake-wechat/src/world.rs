//! What the stand-in remembers between two calls.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use crate::{
    answer::Refused, codes::Codes, controls::Fault, ids::Ids, phone::Number, tokens::Tokens,
};

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
}

/// Somebody who logged in.
#[derive(Debug, Default)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) logins: u64,
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
        }
    }
}
