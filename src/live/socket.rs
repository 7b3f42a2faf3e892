//! One screen's socket, from the first word to the last.

use std::time::Duration;

use actix_ws::{CloseCode, CloseReason, Message, MessageStream, Session};
use entity::At;
use futures_util::StreamExt;

use crate::{
    identity::Resident,
    kernel::clock::{Stopwatch, pause},
    platform::{AppState, live::Seat},
};

/// The client signs in anew and comes again.
const RELOGIN: u16 = 4401;
/// The client did not keep up, and comes again.
const TOO_SLOW: u16 = 4408;
/// Between two signs of life that we ask for; also how soon an ended session is noticed.
const BEAT: Duration = Duration::from_secs(25);
/// Longer than that a message does not wait for the other side.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a socket ends.
enum End {
    /// The other side is gone, or said goodbye.
    Theirs,
    Ours(u16),
}

/// Serves a socket until it ends. `until` is when the token does.
pub(super) async fn serve(
    state: AppState,
    me: Resident,
    until: At,
    seat: Seat,
    session: Session,
    messages: MessageStream,
) {
    let end = talk(&state, &me, until, &seat, session.clone(), messages).await;
    drop(seat);
    if let End::Ours(code) = end {
        metrics::counter!("linli_live_ended_total", "code" => code.to_string()).increment(1);
        let reason = CloseReason { code: CloseCode::Other(code), description: None };
        // Who does not read does not hear this either.
        drop(tokio::time::timeout(PATIENCE, session.close(Some(reason))).await);
    }
}

async fn talk(
    state: &AppState,
    me: &Resident,
    until: At,
    seat: &Seat,
    mut session: Session,
    mut messages: MessageStream,
) -> End {
    let mut silent = Stopwatch::start();
    loop {
        let said = tokio::select! {
            message = messages.next() => {
                silent = Stopwatch::start();
                match message {
                    Some(Ok(Message::Ping(bytes))) => session.pong(&bytes).await.is_ok(),
                    Some(Ok(Message::Close(_)) | Err(_)) | None => false,
                    // What a screen says is not asked for.
                    Some(Ok(_)) => true,
                }
            }
            () = seat.ear.rung.notified() => {
                let Some(news) = seat.ear.take() else { return End::Ours(TOO_SLOW) };
                for one in news {
                    let text = serde_json::to_string(&one).unwrap_or_default();
                    match tokio::time::timeout(PATIENCE, session.text(text)).await {
                        Err(_) => return End::Ours(TOO_SLOW),
                        Ok(Err(_)) => return End::Theirs,
                        Ok(Ok(())) => {}
                    }
                }
                true
            }
            () = pause(BEAT) => {
                let over = state.clock.now() >= until || !me.is_still_in(state).await;
                if over {
                    return End::Ours(RELOGIN);
                }
                silent.elapsed() < BEAT * 3
                    && tokio::time::timeout(PATIENCE, session.ping(b"")).await.is_ok_and(|sent| sent.is_ok())
            }
        };
        if !said {
            return End::Theirs;
        }
    }
}
