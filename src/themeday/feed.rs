//! 日历订阅: a link a phone's own calendar reads theme days under, one's own or an org's. Whoever has the link reads
//! what it shows, so it is random, holds nothing of a person, is kept as a hash alone, and can be taken back.

use std::time::Duration;

use ::entity::{
    At,
    calendar_feed::{ActiveModel, Column, Entity, Model},
    membership::{MembershipKind, MembershipState},
    theme_day::{self, ThemeDayState},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    identity::{PartyKeeper, Resident, people, upward},
    kernel::Error,
    org,
    platform::{AppState, Tx, db::Step},
};

use super::{
    change::ThemeDayError,
    ical::{Entry, calendar},
    outline::{Outline, Rests},
    store,
};

/// What a phone's calendar calls it; says nothing of whoever reads it.
const NAME: &str = "组织活动";
/// How far back a calendar shows.
const BACK: Duration = Duration::from_secs(90 * 24 * 3600);
/// Entries of a file.
const MOST: u64 = 200;

/// A link to give to a calendar; shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct FeedView {
    #[schema(example = "https://linli.example/api/v1/calendars/5gV0…")]
    pub url: String,
}

/// Whose days.
#[derive(Clone, Copy, Debug)]
enum Shows {
    Mine(Uuid),
    Org(Uuid),
}

impl Shows {
    fn rows(self) -> Condition {
        let all = Condition::all();
        match self {
            Self::Mine(me) => all.add(Column::PersonId.eq(me)).add(Column::OrgId.is_null()),
            Self::Org(org) => all.add(Column::OrgId.eq(org)),
        }
    }
}

fn fingerprint(state: &AppState, token: &str) -> String {
    state.crypto.blind_index("calendar_feed.token_hash", token)
}

/// A new link to one's own days, in the caller's transaction; the one before stops working.
///
/// # Errors
/// When it cannot be stored.
pub(super) async fn open_mine(
    tx: &Tx,
    state: &AppState,
    me: &Resident,
) -> Result<FeedView, ThemeDayError> {
    open(tx, state, me.id(), Shows::Mine(me.id())).await
}

/// A new link to the days of an org in reach; the one before stops working.
///
/// # Errors
/// `NotFound` out of reach.
pub(super) async fn open_org(
    tx: &Tx,
    state: &AppState,
    keeper: &PartyKeeper,
    org_id: Uuid,
) -> Result<FeedView, ThemeDayError> {
    let org = store::org_in_reach(&**tx, &keeper.scope(), org_id).await?;
    open(tx, state, keeper.id(), Shows::Org(org.id)).await
}

async fn open(
    tx: &Tx,
    state: &AppState,
    by: Uuid,
    shows: Shows,
) -> Result<FeedView, ThemeDayError> {
    people::lock(tx, by).await?;
    close(tx, shows).await?;
    let token = B64.encode(state.rng.bytes::<24>());
    let now = state.clock.now();
    let row = ActiveModel {
        id: Set(state.rng.id(now)),
        person_id: Set(by),
        org_id: Set(match shows {
            Shows::Mine(_) => None,
            Shows::Org(org) => Some(org),
        }),
        token_hash: Set(fingerprint(state, &token)),
        created_at: Set(now),
    };
    row.insert(&**tx).await.step("keep a calendar link")?;
    let home = state.settings.http.public_url.trim_end_matches('/');
    Ok(FeedView { url: format!("{home}/api/v1/calendars/{token}") })
}

async fn close(tx: &Tx, shows: Shows) -> Result<(), Error> {
    let gone = Entity::delete_many().filter(shows.rows()).exec(&**tx).await;
    gone.step("take a calendar link back").map(drop)
}

/// Takes one's own link back.
///
/// # Errors
/// When it cannot be.
pub(super) async fn close_mine(state: &AppState, me: &Resident) -> Result<(), ThemeDayError> {
    let tx = state.db.write().await?;
    close(&tx, Shows::Mine(me.id())).await?;
    Ok(tx.commit().await?)
}

/// Takes an org's link back.
///
/// # Errors
/// `NotFound` out of reach.
pub(super) async fn close_org(
    state: &AppState,
    keeper: &PartyKeeper,
    org_id: Uuid,
) -> Result<(), ThemeDayError> {
    let tx = state.db.write().await?;
    let org = store::org_in_reach(&*tx, &keeper.scope(), org_id).await?;
    close(&tx, Shows::Org(org.id)).await?;
    Ok(tx.commit().await?)
}

/// The calendar behind a link; None: no such link.
///
/// # Errors
/// When it cannot be read.
pub(super) async fn read(state: &AppState, token: &str) -> Result<Option<String>, Error> {
    let db = state.db.read();
    let found = Entity::find().filter(Column::TokenHash.eq(fingerprint(state, token)));
    let Some(feed) = found.one(db).await.step("look a calendar link up")? else {
        return Ok(None);
    };
    let orgs = orgs_of(db, &feed).await?;
    let days = days_of(db, orgs, state.clock.now().minus(BACK)).await?;
    let entries = days.into_iter().map(|day| entry(state, day)).collect::<Result<Vec<_>, _>>()?;
    Ok(Some(calendar(NAME, &entries)))
}

/// The org of the link; or, at this moment, the person's home branch and the orgs above it.
async fn orgs_of(db: &impl ConnectionTrait, feed: &Model) -> Result<Vec<Uuid>, Error> {
    if let Some(org) = feed.org_id {
        return Ok(vec![org]);
    }
    let places = people::places(db, feed.person_id).await?;
    let home = places.iter().find(|place| {
        place.kind == MembershipKind::HomeBranch && place.state == MembershipState::Confirmed
    });
    match home {
        Some(home) => org::at_paths(db, &upward(&home.org_path)).await,
        None => Ok(Vec::new()),
    }
}

async fn days_of(
    db: &impl ConnectionTrait,
    orgs: Vec<Uuid>,
    since: At,
) -> Result<Vec<theme_day::Model>, Error> {
    use theme_day::{Column, Entity};
    Entity::find()
        .filter(Column::OrgId.is_in(orgs))
        .filter(Column::StartsAt.gte(since))
        .order_by_desc(Column::StartsAt)
        .limit(MOST)
        .all(db)
        .await
        .step("read the days of a calendar")
}

fn entry(state: &AppState, day: theme_day::Model) -> Result<Entry, Error> {
    let outline = Outline::open(state, Rests::Day, day.id, &day.outline)?;
    Ok(Entry {
        id: day.id,
        summary: format!("{NAME} · {}", outline.theme),
        place: outline.place,
        starts_at: day.starts_at,
        ends_at: day.ends_at,
        changed_at: day.updated_at,
        rev: day.rev,
        cancelled: day.state == ThemeDayState::Cancelled,
    })
}
