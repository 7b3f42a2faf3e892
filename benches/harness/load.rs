//! People who claim seats and give them back, over HTTP, as phones would: each with a key of its own per tap. Only the
//! claim is measured. At a given rate a claim counts from the moment at which it was due, so that nobody who has to
//! wait is left out.

use std::time::Duration;

use linli::{
    kernel::clock::{Stopwatch, pause},
    stage::fresh_key,
};
use reqwest::Method;
use serde_json::Value;

use super::numbers::Numbers;
use crate::helpers::process::Linli;

/// Who claims, and what.
pub struct Load {
    pub tokens: Vec<String>,
    pub tasks: Vec<String>,
}

impl Load {
    /// As many claims as the service takes; answers how many a second.
    #[allow(clippy::cast_precision_loss)]
    pub async fn flat_out(&self, linli: &Linli, time: Duration) -> f64 {
        let waits = self.claims(linli, time, None).await;
        waits.count() as f64 / time.as_secs_f64()
    }

    /// Milliseconds that claims took, at so many a second.
    pub async fn paced(&self, linli: &Linli, time: Duration, rate: f64) -> Numbers {
        self.claims(linli, time, Some(rate)).await
    }

    #[allow(clippy::cast_precision_loss)]
    async fn claims(&self, linli: &Linli, time: Duration, rate: Option<f64>) -> Numbers {
        let (people, watch) = (self.tokens.len() as f64, Stopwatch::start());
        let each = self.tokens.iter().enumerate().map(|(place, token)| async move {
            let task = &self.tasks[place % self.tasks.len()];
            let mut waits = Vec::new();
            let mut due = rate.map_or(0.0, |rate| place as f64 / rate);
            while watch.elapsed() < time {
                let now = watch.elapsed().as_secs_f64();
                match rate {
                    Some(_) if due > now => pause(Duration::from_secs_f64(due - now)).await,
                    Some(_) => {}
                    None => due = now,
                }
                claim_and_release(linli, task, token, &mut waits, (watch, due)).await;
                due += rate.map_or(0.0, |rate| people / rate);
            }
            waits
        });
        Numbers::of(futures_util::future::join_all(each).await.into_iter().flatten())
    }
}

async fn claim_and_release(
    linli: &Linli,
    task: &str,
    token: &str,
    waits: &mut Vec<f64>,
    (watch, due): (Stopwatch, f64),
) {
    let path = format!("/tasks/{task}/claims");
    let request = linli.request(Method::POST, &path, token).header("Idempotency-Key", fresh_key());
    let answer = request.send().await.expect("an answer");
    waits.push((watch.elapsed().as_secs_f64() - due) * 1000.0);
    let status = answer.status();
    let body: Value = answer.json().await.expect("an answer");
    assert!(status == 201, "a claim was refused: {status} {body}");
    let claim = body["id"].as_str().expect("the id of the claim");
    let release = linli.request(Method::DELETE, &format!("/claims/{claim}"), token);
    let released = release.send().await.expect("an answer").status();
    assert!(released.is_success(), "a release was refused: {released}");
}
