//! The hand on the stand-in: what a test in the same process may do, and what `/__fake/` offers to others.

mod checks;
pub(crate) mod pushes;
pub(crate) mod subscriptions;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use actix_web::HttpResponse;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    Clock, Options,
    answer::{Refusal, wire},
    ids,
    phone::Number,
    world::World,
};

/// Clones hold the same stand-in.
#[derive(Clone, Debug)]
pub struct Controls {
    world: Arc<Mutex<World>>,
    clock: Clock,
}

/// What goes wrong with a call.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// It is refused with this errcode and does nothing.
    Errcode(i64),
    /// It is carried out; the answer comes that much later, in real milliseconds.
    SlowMs(u64),
    /// It is carried out; the connection closes without an answer.
    Drop,
    /// It is carried out; no answer ever comes, and the connection stays open until the caller has had enough.
    Hang,
    /// It was read and is not carried out; the connection closes without an answer.
    Lose,
}

impl From<Options> for Controls {
    fn from(Options { app_id, secret, clock }: Options) -> Self {
        Self { world: Arc::new(Mutex::new(World::new(app_id, secret))), clock }
    }
}

impl Controls {
    /// A login code as that user's phone would get it: works once, lives five minutes.
    pub fn login_code(&self, name: &str) -> String {
        self.with(|world, now_ms| {
            let code = world.ids.draw("login code", 32);
            world.login_codes.issue(code.clone(), name.to_owned(), now_ms);
            code
        })
    }

    /// A phone code for that number: works once, lives five minutes. The mainland's country code is `86`.
    pub fn phone_code(&self, country_code: &str, number: &str) -> String {
        let number = Number { country_code: country_code.into(), pure: number.into() };
        self.with(|world, now_ms| {
            let code = world.ids.draw("phone code", 64);
            world.phone_codes.issue(code.clone(), number, now_ms);
            code
        })
    }

    /// The openid that user has, logged in or not.
    pub fn openid(&self, name: &str) -> String {
        ids::openid(name)
    }

    /// From now on WeChat holds this user for a risk and lets nobody log in as them.
    pub fn block(&self, name: &str) {
        self.with(|world, _| world.blocked.insert(ids::openid(name)));
    }

    /// Every access token handed out so far dies now.
    pub fn expire_tokens(&self) {
        self.with(|world, now_ms| world.tokens.expire(now_ms));
    }

    /// The next `times` calls of `path` go wrong, after those already told to.
    pub fn fault(&self, path: &str, times: usize, fault: Fault) {
        self.with(|world, _| {
            let queue = world.faults.entry(path.to_owned()).or_default();
            queue.extend(std::iter::repeat_n(fault, times));
        });
    }

    /// Moves the stand-in's clock forward.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// How often each path was called, refused calls and faults included.
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.with(|world, _| world.calls.clone())
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Carries out a call of WeChat's and words the answer.
    pub(crate) fn answer<E: Into<Refusal>>(
        &self,
        call: impl FnOnce(&mut World, i64) -> Result<Value, E>,
    ) -> HttpResponse {
        self.with(|world, now_ms| {
            let answer = call(world, now_ms);
            wire(answer, &world.ids.rid(now_ms))
        })
    }

    /// The same for a call that needs an access token.
    pub(crate) fn answer_holder(
        &self,
        query: &HashMap<String, String>,
        call: impl FnOnce(&mut World, i64) -> Result<Value, Refusal>,
    ) -> HttpResponse {
        self.answer(|world, now_ms| {
            let token = query.get("access_token").map_or("", String::as_str);
            world.tokens.check(token, now_ms)?;
            call(world, now_ms)
        })
    }

    pub(crate) fn with<T>(&self, f: impl FnOnce(&mut World, i64) -> T) -> T {
        let now_ms = self.clock.now_ms();
        f(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner), now_ms)
    }
}
