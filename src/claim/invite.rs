//! 定向派单: the office asks people by name, and keeps a seat for each of them until a time. Nobody is locked for being
//! asked; each answers in a transaction of their own, as with a seat that came free.

use ::entity::{
    At,
    offer::{self, OfferKind, OfferState},
    waitlist,
};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    dispatch::{self, cards, hold_seat},
    identity::{Dispatcher, Scope, people},
    kernel::Error,
    platform::{
        AppState, Tx,
        http::{Problem, problem::NOT_FOUND},
    },
    request::PersonRef,
};

use super::{
    OFFER_PENDING, TASK_CLOSED, TASK_FULL, assign::speaks_of, offer_view::said, offers, queue,
    why::fits,
};

/// Somebody who was asked, as the office sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AskedView {
    pub id: Uuid,
    pub user: PersonRef,
    pub kind: OfferKind,
    pub state: OfferState,
    /// The state in people's words.
    pub state_text: &'static str,
    pub asked_at: At,
    /// The seat is kept until then.
    pub expires_at: At,
}

/// Asks these people; all of them, or nobody where one cannot be.
///
/// # Errors
/// `not_found` for foreign tasks and people; `task_closed`, `task_full` where fewer seats are free than people named;
/// `offer.pending`; what would refuse the person themselves, naming them; a fault of `expires_at`.
pub(super) async fn invite(
    tx: &Tx,
    state: &AppState,
    office: &Dispatcher,
    task_id: Uuid,
    mut people: Vec<Uuid>,
    expires_at: At,
) -> Result<Vec<AskedView>, Problem> {
    let (house, now) = (Scope::house(), state.clock.now());
    people.sort_unstable();
    people.dedup();
    dispatch::find_for_staff(&**tx, &office.scope(), task_id).await?.ok_or(NOT_FOUND)?;
    let mut task = dispatch::lock(tx, &house, task_id).await?.ok_or(NOT_FOUND)?;
    if offers::closed(&task, now) || now < task.opens_at {
        return Err(TASK_CLOSED.into());
    }
    if expires_at <= now || expires_at > task.claim_until {
        let zh = "期限要在现在以后、接单截止以前";
        return Err(Problem::field(
            "expires_at",
            "time",
            zh,
            "Between now and the end of claiming",
        ));
    }
    let card = cards(&**tx, std::slice::from_ref(&task)).await?.remove(0);
    let fits = fits(&**tx, &card, &people, now).await?;
    let names = people::names(&**tx, people.iter().copied()).await?;
    let mut made = Vec::new();
    for person in people {
        speaks_of(&**tx, office, &task, person).await?;
        let name = names.get(&person).map_or("", String::as_str);
        if let Some(words) = fits.get(&person).and_then(|fit| fit.against.as_ref()) {
            let zh = format!("不能请{name}：{words}");
            return Err(Problem::field(
                "user_ids",
                "value",
                zh,
                "Somebody named cannot take a seat",
            ));
        }
        if queue::live_for(&**tx, &house, (task_id, person)).await?.is_some() {
            let zh = format!("已经有一份邀请在等{name}回复");
            return Err(Problem::from(OFFER_PENDING).say(zh, OFFER_PENDING.en));
        }
        task = hold_seat(tx, task_id, now).await?.ok_or(TASK_FULL)?;
        let kind = (OfferKind::Named, None);
        made.push(offers::make(tx, state, &task, person, kind, expires_at).await?);
    }
    Ok(views(&**tx, made).await?)
}

/// Somebody who waits for a seat, as the office sees them.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitingView {
    pub user: PersonRef,
    /// 1 is next.
    pub position: usize,
    /// A seat that frees is taken without asking them again.
    pub at_once: bool,
    pub joined_at: At,
}

/// Who waits for a seat of a task of the caller's office, the next first.
///
/// # Errors
/// `not_found` out of reach.
pub(super) async fn waiting(
    state: &AppState,
    office: &Dispatcher,
    task_id: Uuid,
) -> Result<Vec<WaitingView>, Problem> {
    let (db, scope) = (state.db.read(), office.scope());
    dispatch::find_for_staff(db, &scope, task_id).await?.ok_or(NOT_FOUND)?;
    let line = queue::in_line(db, &scope, task_id).await?;
    let names = people::names(db, line.iter().map(|place| place.person_id)).await?;
    let view = |(position, place): (usize, waitlist::Model)| WaitingView {
        user: PersonRef {
            id: place.person_id,
            name: names.get(&place.person_id).cloned().unwrap_or_default(),
        },
        position,
        at_once: place.at_once,
        joined_at: place.joined_at,
    };
    Ok((1..).zip(line).map(view).collect())
}

/// Who was asked for a task of the caller's office, the latest first.
///
/// # Errors
/// `not_found` out of reach.
pub(super) async fn asked(
    state: &AppState,
    office: &Dispatcher,
    task_id: Uuid,
) -> Result<Vec<AskedView>, Problem> {
    let (db, scope) = (state.db.read(), office.scope());
    dispatch::find_for_staff(db, &scope, task_id).await?.ok_or(NOT_FOUND)?;
    Ok(views(db, queue::of_task(db, &scope, task_id).await?).await?)
}

async fn views(
    db: &impl ConnectionTrait,
    rows: Vec<offer::Model>,
) -> Result<Vec<AskedView>, Error> {
    let names = people::names(db, rows.iter().map(|offer| offer.person_id)).await?;
    let view = |offer: offer::Model| AskedView {
        id: offer.id,
        user: PersonRef {
            id: offer.person_id,
            name: names.get(&offer.person_id).cloned().unwrap_or_default(),
        },
        kind: offer.kind,
        state: offer.state,
        state_text: said(offer.state),
        asked_at: offer.made_at,
        expires_at: offer.expires_at,
    };
    Ok(rows.into_iter().map(view).collect())
}
