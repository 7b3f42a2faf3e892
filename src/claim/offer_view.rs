//! A place in a queue and an offer, as the one they are for sees them.

use std::collections::HashMap;

use ::entity::{
    At,
    offer::{self, OfferKind, OfferState},
    waitlist::{self, WaitState},
};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    dispatch::{self, Card},
    identity::{Scope, people},
    kernel::Error,
};

use super::{queue, store};

/// A place in the queue of a task, on the task's own page.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitPlace {
    pub state: WaitState,
    /// The state in people's words.
    pub state_text: &'static str,
    /// 1 is next; null once a seat is offered.
    pub position: Option<usize>,
    /// A seat that frees is taken without asking again.
    pub at_once: bool,
    pub joined_at: At,
}

/// A place in a queue with the task it is for.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitView {
    pub task_id: Uuid,
    #[serde(flatten)]
    pub place: WaitPlace,
    pub task: Card,
}

/// An offer, on the task's own page.
#[derive(Debug, Serialize, ToSchema)]
pub struct Offered {
    pub id: Uuid,
    pub kind: OfferKind,
    pub state: OfferState,
    /// The state in people's words.
    pub state_text: &'static str,
    pub made_at: At,
    /// The seat is kept until then.
    pub expires_at: At,
}

/// An offer with the task it is for.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferView {
    pub task_id: Uuid,
    #[serde(flatten)]
    pub offered: Offered,
    /// Who hands their seat over, by the name they go by.
    pub from: Option<String>,
    pub task: Card,
}

impl WaitPlace {
    fn at(place: &waitlist::Model, position: Option<usize>) -> Self {
        Self {
            state: place.state,
            state_text: match place.state {
                WaitState::Waiting => "候补中",
                WaitState::Offered => "轮到您了，请尽快回复",
                WaitState::Promoted => "已递补",
                WaitState::Passed => "已轮空",
                WaitState::Left => "已退出候补",
            },
            position,
            at_once: place.at_once,
            joined_at: place.joined_at,
        }
    }

    /// With where it stands now.
    pub(super) async fn of(
        db: &impl ConnectionTrait,
        scope: &Scope,
        place: Option<waitlist::Model>,
    ) -> Result<Option<Self>, Error> {
        let Some(place) = place else { return Ok(None) };
        let position = queue::positions(db, scope, std::slice::from_ref(&place)).await?;
        Ok(Some(Self::at(&place, position.get(&place.id).copied())))
    }
}

/// A state in people's words.
pub(super) fn said(state: OfferState) -> &'static str {
    match state {
        OfferState::Live => "等待回复",
        OfferState::Accepted => "已接受",
        OfferState::Declined => "已谢绝",
        OfferState::Expired => "已过期",
        OfferState::Cancelled => "已失效",
    }
}

impl Offered {
    pub(super) fn of(offer: &offer::Model) -> Self {
        Self {
            id: offer.id,
            kind: offer.kind,
            state: offer.state,
            state_text: said(offer.state),
            made_at: offer.made_at,
            expires_at: offer.expires_at,
        }
    }
}

/// The cards of tasks that the caller's rows name.
async fn cards(
    db: &impl ConnectionTrait,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Card>, Error> {
    let tasks = dispatch::by_ids(db, &Scope::house(), ids.collect()).await?;
    let cards = dispatch::cards(db, &tasks).await?;
    Ok(cards.into_iter().map(|card| (card.id, card)).collect())
}

fn card(cards: &HashMap<Uuid, Card>, task: Uuid) -> Result<Card, Error> {
    cards.get(&task).cloned().ok_or_else(|| Error::impossible("view the task of an offer"))
}

/// Places with their tasks' cards, whatever their number in a few queries.
pub(super) async fn places(
    db: &impl ConnectionTrait,
    scope: &Scope,
    rows: Vec<waitlist::Model>,
) -> Result<Vec<WaitView>, Error> {
    let cards = cards(db, rows.iter().map(|place| place.task_id)).await?;
    let positions = queue::positions(db, scope, &rows).await?;
    let view = |place: waitlist::Model| {
        Ok(WaitView {
            task_id: place.task_id,
            place: WaitPlace::at(&place, positions.get(&place.id).copied()),
            task: card(&cards, place.task_id)?,
        })
    };
    rows.into_iter().map(view).collect()
}

/// Offers with their tasks' cards and the names of those who hand over, whatever their number in a few queries.
pub(super) async fn offers(
    db: &impl ConnectionTrait,
    rows: Vec<offer::Model>,
) -> Result<Vec<OfferView>, Error> {
    let cards = cards(db, rows.iter().map(|offer| offer.task_id)).await?;
    let claims = rows.iter().filter_map(|offer| offer.claim_id).collect();
    let givers = store::holders(db, &Scope::house(), claims).await?;
    let names = people::names(db, givers.values().copied()).await?;
    let from = |claim: Uuid| names.get(givers.get(&claim)?).cloned();
    let view = |offer: offer::Model| {
        Ok(OfferView {
            task_id: offer.task_id,
            offered: Offered::of(&offer),
            from: offer.claim_id.and_then(from),
            task: card(&cards, offer.task_id)?,
        })
    };
    rows.into_iter().map(view).collect()
}
