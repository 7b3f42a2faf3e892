//! 查人: callers who come at the same moment are looked up together. A look costs three round trips, however many it is
//! for; while one is on its way the next gathers, and nobody who came later is looked up before.

use std::sync::Arc;

use anyhow::anyhow;
use tokio::sync::{mpsc, oneshot};

use crate::{
    kernel::{Error, Trouble},
    platform::AppState,
};

use super::{Caller, access_token::Claims, store};

/// People looked up in one look.
const TOGETHER: usize = 256;

type Found = Result<Option<Arc<Caller>>, Error>;

struct Asked {
    claims: Claims,
    answer: oneshot::Sender<Found>,
}

/// Looks callers up, for one process.
#[derive(Debug)]
pub(super) struct Lookup(mpsc::Sender<Asked>);

impl Lookup {
    /// Begins to wait for callers, on the runtime this is called on; ends with the value.
    pub(super) fn start(state: &AppState) -> Self {
        let (queue, waiting) = mpsc::channel(4 * TOGETHER);
        tokio::spawn(look(state.clone(), waiting));
        Self(queue)
    }

    /// Who a token speaks for, as it is now; None: their session has ended.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) async fn caller(&self, claims: &Claims) -> Found {
        let (answer, heard) = oneshot::channel();
        let ended = || trouble(Trouble::Busy, anyhow!("nobody looks callers up any more"));
        self.0.send(Asked { claims: claims.clone(), answer }).await.map_err(|_| ended())?;
        heard.await.map_err(|_| ended())?
    }
}

fn trouble(trouble: Trouble, cause: anyhow::Error) -> Error {
    Error { step: "look the callers up", trouble, cause }
}

/// Look after look, until nobody is left who could ask.
async fn look(state: AppState, mut waiting: mpsc::Receiver<Asked>) {
    let mut asked = Vec::new();
    while waiting.recv_many(&mut asked, TOGETHER).await > 0 {
        let claims: Vec<_> = asked.iter().map(|one| one.claims.clone()).collect();
        let found = store::callers(&state, &claims).await;
        for one in asked.drain(..) {
            let said = match &found {
                Ok(callers) => Ok(callers.get(&one.claims.sid).and_then(|it| it.with(&one.claims))),
                Err(error) => Err(trouble(error.trouble, anyhow!("{error:#}"))),
            };
            // Whoever has gone meanwhile does not need it.
            drop(one.answer.send(said));
        }
    }
}
