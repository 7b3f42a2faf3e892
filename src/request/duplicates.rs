//! 疑似重复: requests of the same org that look as if they ask for the same, with the reasons. The office decides.

use std::time::Duration;

use ::entity::request::Model;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    identity::Dispatcher,
    kernel::{Error, rng::first_id_at},
    platform::AppState,
};

use super::{
    change::RequestError,
    similar::{Asked, LikenessReason, likeness},
    store,
    view::{self, RequestView},
};

/// How far back one looks.
const WITHIN: Duration = Duration::from_secs(30 * 24 * 3600);
/// How many are compared, the newest of an org.
const COMPARED: u64 = 200;
/// How many are shown.
const SHOWN: usize = 10;

/// A request that may ask for the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct Duplicate {
    pub request: RequestView,
    /// Why it looks alike, the weightiest first.
    pub reasons: Vec<LikenessReason>,
}

/// What looks like this request, most alike first.
///
/// # Errors
/// `NotFound` outside the scope.
pub(super) async fn duplicates(
    state: &AppState,
    office: &Dispatcher,
    id: Uuid,
) -> Result<Vec<Duplicate>, RequestError> {
    let (db, scope) = (state.db.read(), office.scope());
    let one = store::find(db, &scope, id).await?.ok_or(RequestError::NotFound)?;
    let since = first_id_at(one.created_at.minus(WITHIN));
    let others = store::beside(db, &scope, &one, since, COMPARED).await?;
    let mut alike: Vec<_> = Vec::new();
    let this = asked(state, &one)?;
    for other in others {
        if let Some(found) = likeness(&this, &asked(state, &other)?) {
            alike.push((found, other));
        }
    }
    alike.sort_by(|(a, one), (b, other)| b.score.total_cmp(&a.score).then(other.id.cmp(&one.id)));
    alike.truncate(SHOWN);
    let (found, rows): (Vec<_>, Vec<_>) = alike.into_iter().unzip();
    let views = view::many(db, state, rows).await?;
    let pairs = views.into_iter().zip(found);
    Ok(pairs.map(|(request, found)| Duplicate { request, reasons: found.reasons }).collect())
}

fn asked(state: &AppState, row: &Model) -> Result<Asked, Error> {
    Ok(Asked {
        title: row.title.clone(),
        detail: state.crypto.open("request.detail", row.id, &row.detail)?,
        category: row.category.clone(),
        place: row.lat.zip(row.lng),
        at: row.wanted_from.or(row.wanted_to).unwrap_or(row.created_at),
        requester: row.requester_id,
    })
}
