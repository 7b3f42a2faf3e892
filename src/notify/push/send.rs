//! 投递: a round of sending. No transaction is open while WeChat is asked; what came of it is written under the fence,
//! so that who was late changes nothing.
//!
//! A round takes few messages and waits for all of them. A process that stops lets those that left hear their answer,
//! puts the others back, and leaves no lease behind.

use ::entity::{
    At,
    push::{Column, Entity, Model, PushState},
};
use futures_util::future::join_all;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, LockBehavior, LockType},
};

use crate::{
    kernel::Error,
    notify::grants,
    platform::{
        AppState,
        db::Step,
        health,
        wechat::{Message, WechatError},
    },
};

use super::{
    Lane, TemplateKind,
    pick::{Picked, pick},
    settings_of,
    settled::settle,
    templates::filled,
    turns::heads,
    verdict::{Flight, Grant, TRIES, Verdict, put_back, verdict},
};

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Messages that were seen to.
    pub handled: usize,
    /// Those of which it could not be written what came of them; their lease will end.
    pub failed: usize,
    /// Messages that were on their way to WeChat; the others cost time of the database alone.
    pub sent: usize,
    /// There may be more to do at once.
    pub more: bool,
}

/// One round: leases that are over, then the messages whose turn it is.
///
/// # Errors
/// When the queue itself cannot be read or written.
pub async fn deliver(state: &AppState) -> Result<Delivered, Error> {
    if health::is_stopping() {
        return Ok(Delivered::default());
    }
    let lapsed = lapse(state).await?;
    let picking = pick(state).await?;
    let picked = picking.ready.len();
    let done = join_all(picking.ready.into_iter().map(|one| send(state, one))).await;
    let mut failed = 0;
    for error in done.into_iter().filter_map(Result::err) {
        tracing::error!(%error, "what came of a message could not be written");
        failed += 1;
    }
    let handled = lapsed + picking.aside + picked - failed;
    Ok(Delivered { handled, failed, sent: picked, more: picked + picking.aside > 0 })
}

/// Whoever had these is gone: nobody knows whether they were sent. The fence moves on, so that they cannot say it
/// later.
async fn lapse(state: &AppState) -> Result<usize, Error> {
    let now = state.clock.now();
    // Word for word as the index `ix_push_lease_until` has it.
    let sending = || Expr::cust("state = 'sending'");
    let over = || Entity::find().filter(sending()).filter(Column::LeaseUntil.lte(now));
    if over().one(state.db.read()).await.step("look for lost messages")?.is_none() {
        return Ok(0);
    }
    let tx = state.db.write().await?;
    let rows = over().lock_with_behavior(LockType::Update, LockBehavior::SkipLocked).all(&*tx);
    let rows = rows.await.step("lock lost messages")?;
    let worth = Column::Resend.eq(true).and(Column::Attempts.lt(TRIES));
    let to = Expr::case(worth, Expr::value("retry")).finally(Expr::value("unknown"));
    let ended = Entity::update_many()
        .col_expr(Column::State, to.into())
        .col_expr(Column::Fence, Expr::col(Column::Fence).add(1))
        .col_expr(Column::LeaseUntil, Expr::value(None::<At>))
        .col_expr(Column::LastClass, Expr::value("lost"))
        .col_expr(Column::NextAt, Expr::value(now))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.is_in(rows.iter().map(|row| row.id)));
    ended.exec(&*tx).await.step("end leases")?;
    for row in &rows {
        settle(&tx, state, row.person_id, &row.template).await?;
    }
    tx.commit().await?;
    metrics::counter!("linli_push_total", "outcome" => "lost").increment(rows.len() as u64);
    Ok(rows.len())
}

async fn send(state: &AppState, picked: Picked) -> Result<(), Error> {
    let row = &picked.row;
    let flight = Flight {
        attempts: row.attempts,
        resend: row.resend,
        spent: row.paid,
        useful_until: row.useful_until,
    };
    let ready = tokio::select! {
        biased;
        () = health::stopping() => None,
        ready = state.wechat.ready_to_send(&picked.template_id) => Some(ready),
    };
    let answer = match ready {
        None => {
            let verdict = put_back(flight, state.clock.now());
            return keep(state, &picked, &verdict, None).await;
        }
        Some(Err(error)) => Err(error),
        Some(Ok(())) => ask(state, &picked).await?,
    };
    let (now, error) = (state.clock.now(), answer.as_ref().err());
    let verdict = verdict(error, flight, now, |most| state.rng.below(most));
    if let (PushState::Dead, Some(error)) = (verdict.state, error) {
        tracing::error!(push.id = %row.id, push.template = row.template, %error, "a message is dead");
    }
    keep(state, &picked, &verdict, answer.ok().flatten()).await
}

/// Asks WeChat. What its answer means is not decided here.
async fn ask(
    state: &AppState,
    Picked { row, openid, template_id }: &Picked,
) -> Result<Result<Option<String>, WechatError>, Error> {
    let words = state.crypto.open("push.words", row.id, &row.words)?;
    let words: Vec<(String, String)> =
        serde_json::from_str(&words).map_err(|error| Error::broken("read a message", error))?;
    let set = TemplateKind::named(&row.template).and_then(|kind| settings_of(state, kind));
    let set = set.ok_or_else(|| Error::impossible("find the template of a picked message"))?;
    let data = match filled(set, &words) {
        Ok(data) => data,
        Err(error) => return Ok(Err(error)),
    };
    let message = Message { openid, template_id, page: Some(row.page.as_str()), data: &data };
    Ok(state.wechat.send_subscribe(&message).await)
}

/// Writes what came of it, where the message is still ours.
async fn keep(
    state: &AppState,
    Picked { row, template_id, .. }: &Picked,
    verdict: &Verdict,
    msg_id: Option<String>,
) -> Result<(), Error> {
    let (tx, now) = (state.db.write().await?, state.clock.now());
    let mut update = Entity::update_many()
        .col_expr(Column::State, Expr::value(verdict.state))
        .col_expr(Column::NextAt, Expr::value(verdict.next_at))
        .col_expr(Column::LeaseUntil, Expr::value(None::<At>))
        .col_expr(Column::LastClass, Expr::value(verdict.class))
        .col_expr(Column::MsgId, Expr::value(msg_id))
        .col_expr(Column::Paid, Expr::value(verdict.grant == Grant::Spent))
        .col_expr(Column::UpdatedAt, Expr::value(now));
    if !verdict.tried {
        update = update.col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1));
    }
    let ours = update
        .filter(Column::Id.eq(row.id))
        .filter(Column::State.eq(PushState::Sending))
        .filter(Column::Fence.eq(row.fence))
        .exec(&*tx)
        .await
        .step("write what came of a message")?
        .rows_affected
        == 1;
    if !ours {
        return Ok(());
    }
    account(&tx, row, template_id, verdict.grant, now).await?;
    if matches!(verdict.state, PushState::Sent | PushState::Unknown) {
        settle(&tx, state, row.person_id, &row.template).await?;
    }
    tx.commit().await?;
    metrics::counter!("linli_push_total", "outcome" => verdict.class).increment(1);
    Ok(())
}

/// What becomes of the grant.
async fn account(
    tx: &DatabaseTransaction,
    row: &Model,
    template_id: &str,
    grant: Grant,
    now: At,
) -> Result<(), Error> {
    match grant {
        Grant::Spent => Ok(()),
        Grant::Back => grants::give_back(tx, row.person_id, template_id).await,
        Grant::None => grants::exhaust(tx, row.person_id, template_id, now).await,
    }
}

/// Sets the gauges: for how long the oldest message of each lane has been due.
///
/// # Errors
/// When the queue cannot be read.
pub async fn show_waiting(state: &AppState) -> Result<usize, Error> {
    let now = state.clock.now();
    let heads = heads(state.db.read()).await?;
    for lane in Lane::ALL {
        let of_lane = heads.iter().filter(|head| head.lane == lane.number());
        let due = of_lane.map(|head| head.next_at).min();
        #[allow(clippy::cast_precision_loss)]
        let seconds = due.map_or(0.0, |at| std::cmp::max(now.ms() - at.ms(), 0) as f64 / 1000.0);
        metrics::gauge!("linli_push_oldest_seconds", "lane" => lane.name()).set(seconds);
    }
    Ok(0)
}
