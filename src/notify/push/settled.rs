//! What WeChat tells of a message after it took it on. A failure takes a `sent` back; and where an answer was lost, the
//! word says what became of the message after all. It gives no grant back: WeChat took one.
//!
//! The word may come before what it is about is written down, so both look: whoever hears a word, and whoever writes
//! what came of a message.

use std::time::Duration;

use ::entity::{
    At,
    push::{ActiveModel, Column, Entity, Model, PushState},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::LockType,
};
use uuid::Uuid;

use crate::{
    kernel::Error,
    notify::grants::{self, Outcome, outcomes},
    platform::{AppState, db::Step},
};

use super::{TemplateKind, kind_of, settings_of};

/// A word this much older than what it may be about is about something else.
const WINDOW: Duration = Duration::from_secs(3600);
/// WeChat's number for: there is no grant.
const NO_GRANT: i64 = 43101;

/// WeChat tells what became of a message, in its number for the error; 0: it arrived.
///
/// # Errors
/// As [`settle`].
pub async fn told(
    tx: &DatabaseTransaction,
    state: &AppState,
    person_id: Uuid,
    (template_id, message_id, code): (&str, &str, i64),
    at: At,
) -> Result<(), Error> {
    let template = kind_of(state, template_id).map(TemplateKind::name);
    if let Some(template) = template {
        // Messages before accounts, as whoever sends locks them.
        late(tx, state, person_id, template).await?;
    }
    grants::sent(tx, state, person_id, (template_id, message_id, code), at).await?;
    match template {
        Some(template) => settle(tx, state, person_id, template).await,
        None => Ok(()),
    }
}

/// Holds a person's late messages of a kind of template against what was heard of them.
///
/// # Errors
/// When the rows cannot be read or written; the transaction must then be dropped.
pub(super) async fn settle(
    tx: &DatabaseTransaction,
    state: &AppState,
    person_id: Uuid,
    template: &str,
) -> Result<(), Error> {
    let set = TemplateKind::named(template).and_then(|kind| settings_of(state, kind));
    let Some(set) = set else { return Ok(()) };
    let now = state.clock.now();
    let heard = outcomes(tx, person_id, &set.id, now.minus(WINDOW)).await?;
    if heard.is_empty() {
        return Ok(());
    }
    let rows = late(tx, state, person_id, template).await?;
    for (row, outcome) in pairs(&rows, &heard) {
        let Some((to, class)) = means(row, outcome) else { continue };
        tracing::info!(push.id = %row.id, push.outcome = class, "WeChat told what became of a message");
        let mut row: ActiveModel = row.clone().into();
        (row.state, row.last_class) = (Set(to), Set(Some(class)));
        (row.msg_id, row.updated_at) = (Set(Some(outcome.message_id.clone())), Set(now));
        row.update(tx).await.step("settle a message")?;
    }
    Ok(())
}

/// A person's messages of which WeChat may still tell, locked.
async fn late(
    tx: &DatabaseTransaction,
    state: &AppState,
    person_id: Uuid,
    template: &str,
) -> Result<Vec<Model>, Error> {
    let found = Entity::find()
        .filter(Column::PersonId.eq(person_id))
        .filter(Column::Template.eq(template))
        .filter(Column::UpdatedAt.gt(state.clock.now().minus(WINDOW * 2)))
        .order_by_asc(Column::Id)
        .lock(LockType::NoKeyUpdate);
    found.all(tx).await.step("read a person's late messages")
}

/// Nobody knows whether it arrived, or it is to be sent again for that reason.
fn is_open(row: &Model) -> bool {
    let again = row.state == PushState::Retry && row.paid;
    row.msg_id.is_none() && (row.state == PushState::Unknown || again)
}

/// Which word is about which message: by WeChat's number; the one word without a message is about the one message
/// without a number, unless another is on its way, whose word it might be.
fn pairs<'a>(rows: &'a [Model], heard: &'a [Outcome]) -> Vec<(&'a Model, &'a Outcome)> {
    let numbered =
        |word: &&Outcome| rows.iter().find(|row| row.msg_id.as_ref() == Some(&word.message_id));
    let mut pairs: Vec<_> =
        heard.iter().filter_map(|word| numbered(&word).map(|row| (row, word))).collect();
    let stray: Vec<_> = heard.iter().filter(|word| numbered(word).is_none()).collect();
    let open: Vec<_> = rows.iter().filter(|row| is_open(row)).collect();
    let on_its_way = rows.iter().any(|row| row.state == PushState::Sending);
    if let ([word], [row], false) = (stray.as_slice(), open.as_slice(), on_its_way)
        && word.at >= row.at
    {
        pairs.push((row, word));
    }
    pairs
}

/// Where the word puts the message, and why; None: it says nothing new.
fn means(row: &Model, outcome: &Outcome) -> Option<(PushState, String)> {
    match outcome.code {
        0 => is_open(row).then(|| (PushState::Sent, "ok".to_owned())),
        // What is to be sent again goes again; what failed has failed.
        _ if !matches!(row.state, PushState::Sent | PushState::Unknown) => None,
        code => {
            let to = if code == NO_GRANT { PushState::Refused } else { PushState::Dead };
            Some((to, format!("failed_{code}")))
        }
    }
}
