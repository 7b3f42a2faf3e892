//! 接单记录员: the claims of this process that arrive while one batch is being committed are the next batch. A batch is
//! one transaction of a handful of statements, however many are in it: round trips and the disk's answer are what a claim
//! costs, and so many share them.
//!
//! ```text
//! taps ─► queue (in their order, bounded) ─► batch: lock people, lock tasks, judge, write, count, commit ─► answers
//!                                              └─► what is rare, or whose person is busy elsewhere: by itself (`grant`)
//! ```
//!
//! `grant::claim` is the readable definition of claiming; what a batch answers, and what it leaves behind, is the same,
//! and the tests of claims run against both (`claims.batch = 1` writes each by itself). A batch that fails before its
//! commit has done nothing: each of its claims is then written by itself, so that a bad one spoils no other.

mod batch;

use std::{collections::VecDeque, panic::AssertUnwindSafe};

use ::entity::task;
use anyhow::anyhow;
use futures_util::FutureExt;
use tokio::sync::{
    mpsc::{self, error::TrySendError},
    oneshot,
};
use uuid::Uuid;

use crate::{
    identity::Resident,
    kernel::{Error, Trouble},
    platform::{
        AppState,
        http::{Answer, RetryKey},
    },
};

use super::grant::{self, GrantError};

/// The answer, and the task as it is now where the seat was not theirs before.
pub(super) type Outcome = Result<(Answer, Option<task::Model>), GrantError>;

/// One tap on its way into a batch.
struct Intent {
    who: Uuid,
    task: Uuid,
    /// They hold a role somewhere: what they may know of, the batch does not judge.
    staff: bool,
    key: RetryKey,
    body_hash: String,
    /// None: to be written by itself.
    answer: oneshot::Sender<Option<Outcome>>,
}

/// Writes the claims of one process.
#[derive(Debug)]
pub struct Writer {
    /// None: each claim is written by itself.
    queue: Option<mpsc::Sender<Intent>>,
}

impl Writer {
    /// Begins to wait for claims, on the runtime this is called on; ends with the value.
    pub fn start(state: &AppState) -> Self {
        let claims = &state.settings.claims;
        if claims.batch == 1 {
            return Self { queue: None };
        }
        let (queue, waiting) = mpsc::channel(claims.waiting);
        tokio::spawn(write(state.clone(), waiting));
        Self { queue: Some(queue) }
    }

    /// Takes a seat of a task for the caller, as `grant::claim` does.
    ///
    /// # Errors
    /// Those of `grant::claim`; `Busy` where too many wait already.
    pub(super) async fn claim(
        &self,
        state: &AppState,
        me: &Resident,
        task: Uuid,
        key: &RetryKey,
        body_hash: &str,
    ) -> Outcome {
        let Some(queue) = &self.queue else {
            return grant::claim(state, me, task, key, body_hash).await;
        };
        let (answer, heard) = oneshot::channel();
        let body_hash = body_hash.to_owned();
        let (who, staff, own_key) = (me.id(), !me.caller().roles.is_empty(), key.clone());
        let intent =
            Intent { who, task, staff, key: own_key, body_hash: body_hash.clone(), answer };
        queue.try_send(intent).map_err(|refused| match refused {
            TrySendError::Full(_) => trouble(Trouble::Busy, "too many claims wait to be written"),
            TrySendError::Closed(_) => trouble(Trouble::Busy, "the writer has ended"),
        })?;
        match heard.await {
            Ok(Some(outcome)) => outcome,
            Ok(None) => grant::claim(state, me, task, key, &body_hash).await,
            // It may have been on either side of the commit.
            Err(_) => Err(trouble(Trouble::Unknown, "the writer ended in the middle").into()),
        }
    }
}

fn trouble(trouble: Trouble, what: &'static str) -> Error {
    Error { step: "write claims together", trouble, cause: anyhow!(what) }
}

/// Batch after batch, until nobody is left who could send any.
async fn write(state: AppState, mut queue: mpsc::Receiver<Intent>) {
    let mut waiting = VecDeque::new();
    loop {
        if waiting.is_empty() {
            match queue.recv().await {
                Some(intent) => waiting.push_back(intent),
                None => return,
            }
        }
        while let Ok(intent) = queue.try_recv() {
            waiting.push_back(intent);
        }
        let intents = next_batch(&mut waiting, state.settings.claims.batch);
        metrics::histogram!("linli_claim_batch_size").record(count(intents.len()));
        metrics::gauge!("linli_claims_waiting").set(count(waiting.len()));
        // Nothing is kept in memory that a panic could leave half done; who waited hears that it is not known.
        let done = AssertUnwindSafe(settle(&state, intents)).catch_unwind().await;
        if done.is_err() {
            tracing::error!("a batch of claims panicked");
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "a few thousand at most")]
fn count(n: usize) -> f64 {
    n as f64
}

/// The first `most` in their order, of each person only one: what one person does happens one after another.
fn next_batch(waiting: &mut VecDeque<Intent>, most: usize) -> Vec<Intent> {
    let (mut batch, mut later) = (Vec::new(), VecDeque::new());
    let mut people = std::collections::HashSet::new();
    for intent in waiting.drain(..) {
        if batch.len() < most && people.insert(intent.who) {
            batch.push(intent);
        } else {
            later.push_back(intent);
        }
    }
    *waiting = later;
    batch
}

/// Writes a batch and answers each of its callers. One who has gone meanwhile finds the answer under their key.
async fn settle(state: &AppState, intents: Vec<Intent>) {
    let written = batch::write(state, &intents).await;
    let outcomes: Vec<Option<Outcome>> = match written {
        Ok(outcomes) => outcomes,
        Err(error) if error.trouble == Trouble::Unknown => {
            tracing::warn!(%error, "whether a batch of claims was written is not known");
            let unknown = || Err(trouble(Trouble::Unknown, "the commit was not answered").into());
            intents.iter().map(|_| Some(unknown())).collect()
        }
        Err(error) => {
            tracing::warn!(%error, "a batch of claims failed; each is written by itself");
            intents.iter().map(|_| None).collect()
        }
    };
    for (intent, outcome) in intents.into_iter().zip(outcomes) {
        drop(intent.answer.send(outcome));
    }
}

#[cfg(test)]
mod tests {
    use actix_web::{FromRequest, dev::Payload, test::TestRequest};

    use super::*;

    fn intent(who: u128) -> Intent {
        let request = TestRequest::default().to_http_request();
        let key = RetryKey::from_request(&request, &mut Payload::None).into_inner().unwrap();
        let (answer, _) = oneshot::channel();
        let who = Uuid::from_u128(who);
        Intent { who, task: Uuid::nil(), staff: false, key, body_hash: String::new(), answer }
    }

    #[test]
    fn a_batch_takes_the_first_in_their_order_and_of_each_person_one() {
        let mut waiting: VecDeque<_> = [1, 2, 1, 3, 4].map(intent).into();
        let people = |intents: &mut dyn Iterator<Item = &Intent>| {
            intents.map(|intent| intent.who.as_u128()).collect::<Vec<_>>()
        };
        let first = next_batch(&mut waiting, 3);
        assert_eq!(people(&mut first.iter()), [1, 2, 3]);
        assert_eq!(people(&mut waiting.iter()), [1, 4]);
        assert_eq!(people(&mut next_batch(&mut waiting, 3).iter()), [1, 4]);
        assert!(waiting.is_empty());
    }
}
