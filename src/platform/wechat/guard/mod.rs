//! What keeps us from asking in vain: fuses (the host, a call, a template), a budget for repeating, and calls that
//! are used up for today.

mod budget;
mod fuse;
mod stops;

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use entity::At;

use super::{Call, Class, Shared, WechatError};

use budget::Budget;
use fuse::{Fuse, HOST, SETUP};
use stops::Stops;

/// What a fuse belongs to. Calls and templates are as many as an operator sets up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Part {
    Host,
    Call(Call),
    Template(String),
}

#[derive(Debug)]
pub(super) struct Guard {
    fuses: Mutex<HashMap<Part, Fuse>>,
    budget: Mutex<Budget>,
    stops: Stops,
}

impl Guard {
    pub(super) fn new(app_id: &str, shared: Option<Shared>) -> Self {
        Self {
            fuses: Mutex::default(),
            budget: Mutex::default(),
            stops: Stops::new(app_id, shared),
        }
    }

    /// Whether the call may be made now.
    ///
    /// # Errors
    /// `Held`, with why.
    pub(super) async fn may(
        &self,
        call: Call,
        template: Option<&str>,
        now: At,
    ) -> Result<(), WechatError> {
        if self.stops.stopped(call, now).await {
            return Err(WechatError::Held(Class::Quota));
        }
        let mut fuses = lock(&self.fuses);
        let template = template.map(|id| (Part::Template(id.to_owned()), Class::Template));
        let parts =
            [Some((Part::Call(call), Class::Config)), template, Some((Part::Host, Class::Busy))];
        for (part, class) in parts.into_iter().flatten() {
            if fuses.get_mut(&part).is_some_and(|fuse| !fuse.may(now)) {
                return Err(WechatError::Held(class));
            }
        }
        Ok(())
    }

    /// Takes note of what came of a call; None: it worked.
    pub(super) async fn learn(
        &self,
        call: Call,
        template: Option<&str>,
        error: Option<&WechatError>,
        now: At,
    ) {
        let class = error.map(WechatError::class);
        if error.is_some_and(WechatError::is_silence) {
            return self.blow(Part::Host, now);
        }
        // Somebody answered.
        self.mend(&Part::Host);
        match (class, template) {
            (Some(Class::Quota), _) => self.stops.stop(call, now).await,
            (Some(Class::Config), _) if call.is_ours() => self.blow(Part::Call(call), now),
            (Some(Class::Template), Some(id)) => self.blow(Part::Template(id.to_owned()), now),
            (None, template) => {
                self.mend(&Part::Call(call));
                template.inspect(|id| self.mend(&Part::Template((*id).to_owned())));
            }
            _ => {}
        }
    }

    /// A call is made for the first time.
    pub(super) fn earn(&self) {
        lock(&self.budget).earn();
    }

    /// Whether a call may be repeated; if so, it counts.
    pub(super) fn spend(&self) -> bool {
        lock(&self.budget).spend()
    }

    fn blow(&self, part: Part, now: At) {
        let (limits, what) = match &part {
            Part::Host => (HOST, "host"),
            Part::Call(call) => (SETUP, call.name()),
            Part::Template(_) => (SETUP, "template"),
        };
        let opened = lock(&self.fuses).entry(part).or_insert_with(|| Fuse::new(limits)).blow(now);
        if let Some(rest) = opened {
            let rest_s = rest.as_secs();
            tracing::error!(wechat.part = what, rest_s, "WeChat is not asked for a while");
            metrics::counter!("linli_wechat_fuse_opened_total", "part" => what).increment(1);
        }
    }

    fn mend(&self, part: &Part) {
        lock(&self.fuses).remove(part);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOW: At = At(1_795_312_800_000);

    async fn learn(guard: &Guard, call: Call, template: Option<&str>, code: i64) {
        let error = WechatError::api(code, None, None);
        guard.learn(call, template, Some(&error), NOW).await;
    }

    async fn held(guard: &Guard, call: Call, template: Option<&str>, at: At) -> Option<Class> {
        guard.may(call, template, at).await.err().map(|error| error.class())
    }

    #[tokio::test]
    async fn a_host_that_is_silent_five_times_is_left_alone_until_it_answers() {
        let guard = Guard::new("wx1", None);
        for _ in 0..5 {
            assert_eq!(held(&guard, Call::Text, None, NOW).await, None);
            let silent = WechatError::Timeout { sent: true };
            guard.learn(Call::Text, None, Some(&silent), NOW).await;
        }
        assert_eq!(held(&guard, Call::Login, None, NOW).await, Some(Class::Busy));
        let later = NOW.plus(Duration::from_secs(5));
        assert_eq!(held(&guard, Call::Text, None, later).await, None, "one goes to look");
        assert_eq!(held(&guard, Call::Text, None, later).await, Some(Class::Busy), "one alone");
        guard.learn(Call::Text, None, None, later).await;
        assert_eq!(held(&guard, Call::Text, None, later).await, None);
    }

    #[tokio::test]
    async fn a_banned_template_is_held_alone() {
        let guard = Guard::new("wx1", None);
        learn(&guard, Call::Send, Some("reminder"), 43107).await;
        assert_eq!(held(&guard, Call::Send, Some("reminder"), NOW).await, Some(Class::Template));
        assert_eq!(held(&guard, Call::Send, Some("greeting"), NOW).await, None);
    }

    #[tokio::test]
    async fn a_call_that_is_not_set_up_is_held_but_a_users_code_holds_nobody() {
        let guard = Guard::new("wx1", None);
        learn(&guard, Call::Phone, None, 40013).await;
        assert_eq!(held(&guard, Call::Phone, None, NOW).await, None);
        learn(&guard, Call::Media, None, 48001).await;
        assert_eq!(held(&guard, Call::Media, None, NOW).await, Some(Class::Config));
        assert_eq!(held(&guard, Call::Text, None, NOW).await, None);
    }

    #[tokio::test]
    async fn a_refusal_of_one_message_holds_nothing() {
        let guard = Guard::new("wx1", None);
        for code in [43101, 47003, 43108, 40003, -1] {
            learn(&guard, Call::Send, Some("reminder"), code).await;
            assert_eq!(held(&guard, Call::Send, Some("reminder"), NOW).await, None, "{code}");
        }
    }
}
