//! Calls that WeChat answers no more today: nobody asks before midnight in Shanghai. Codes have their limit by the
//! minute. What one replica learns, all hear of through Redis.
//!
//! | key | type | content | rebuilt from |
//! | --- | --- | --- | --- |
//! | `linli:wx:stop:<app id>:<call>` | STRING, until it is over | when the call may be made again, ms | empty is correct: WeChat says it once more |

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use entity::At;

use crate::kernel::day::Day;

use super::{Call, Shared};

#[derive(Debug)]
pub(super) struct Stops {
    here: Mutex<HashMap<Call, At>>,
    app_id: String,
    shared: Option<Shared>,
}

impl Stops {
    pub(super) fn new(app_id: &str, shared: Option<Shared>) -> Self {
        Self { here: Mutex::default(), app_id: app_id.to_owned(), shared }
    }

    /// Nobody asks before `until`.
    pub(super) async fn stop(&self, call: Call, now: At) {
        let until = end(call, now);
        self.note(call, until);
        tracing::error!(wechat.call = call.name(), %until, "WeChat answers no more of these for now");
        metrics::counter!("linli_wechat_quota_total", "call" => call.name()).increment(1);
        if let Some(shared) = &self.shared {
            let mut set = redis::pipe();
            let left = u64::try_from(until.ms() - now.ms()).unwrap_or(0).max(1);
            set.pset_ex(self.key(shared, call), until.ms(), left);
            let _: Option<()> = shared.redis.run(&set).await;
        }
    }

    pub(super) async fn stopped(&self, call: Call, now: At) -> bool {
        let here = self.here().get(&call).copied();
        if here.is_some_and(|until| holds(until, call, now)) {
            return true;
        }
        // Asked for once at each sign-in or token it would cost more than it saves.
        if !matches!(call, Call::Send | Call::Text | Call::Media | Call::Code) {
            return false;
        }
        let Some(until) = self.shared(call).await.filter(|until| holds(*until, call, now)) else {
            return false;
        };
        self.note(call, until);
        true
    }

    async fn shared(&self, call: Call) -> Option<At> {
        let shared = self.shared.as_ref()?;
        let mut get = redis::pipe();
        get.get(self.key(shared, call));
        let (until,): (Option<i64>,) = shared.redis.run(&get).await?;
        until.map(At)
    }

    fn key(&self, shared: &Shared, call: Call) -> String {
        shared.redis.key(&format!("wx:stop:{}:{}", self.app_id, call.name()))
    }

    fn note(&self, call: Call, until: At) {
        self.here().insert(call, until);
    }

    fn here(&self) -> std::sync::MutexGuard<'_, HashMap<Call, At>> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When the call may be made again.
fn end(call: Call, now: At) -> At {
    match call {
        Call::Code => now.plus(Duration::from_secs(60)),
        _ => Day::of(now).end(),
    }
}

/// A clock that was set back must not hold anybody longer than a stop of that moment would.
fn holds(until: At, call: Call, now: At) -> bool {
    now < until && until <= end(call, now)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 23:59:59 in Shanghai.
    const LATE: At = At(1_795_363_199_000);

    #[tokio::test]
    async fn a_used_up_call_rests_until_midnight_in_shanghai_and_alone() {
        let stops = Stops::new("wx1", None);
        let morning = Day::of(LATE).time(8, 0);
        stops.stop(Call::Send, morning).await;
        assert!(stops.stopped(Call::Send, morning).await);
        assert!(stops.stopped(Call::Send, LATE).await);
        assert!(!stops.stopped(Call::Send, LATE.plus(Duration::from_secs(1))).await);
        assert!(!stops.stopped(Call::Text, morning).await);
    }

    #[tokio::test]
    async fn codes_rest_a_minute() {
        let stops = Stops::new("wx1", None);
        let morning = Day::of(LATE).time(8, 0);
        stops.stop(Call::Code, morning).await;
        assert!(stops.stopped(Call::Code, morning.plus(Duration::from_secs(59))).await);
        assert!(!stops.stopped(Call::Code, morning.plus(Duration::from_secs(60))).await);
    }

    #[tokio::test]
    async fn a_clock_set_back_a_day_holds_nobody() {
        let stops = Stops::new("wx1", None);
        stops.stop(Call::Send, LATE).await;
        assert!(!stops.stopped(Call::Send, At(LATE.ms() - 86_400_000)).await);
    }
}
