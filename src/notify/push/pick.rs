//! Taking the messages whose turn it is (`turns`). The rows are locked before they are taken, and those another picker
//! has locked are passed over, so two pickers never take the same; and two messages of one person on their way at once
//! are ruled out by the index `ix_push_person_id`.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use ::entity::{
    At,
    push::{Column, Entity, Model, PushState},
    wechat_identity,
};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect, SqlErr,
    sea_query::{Expr, ExprTrait, LockBehavior, LockType},
};
use uuid::Uuid;

use crate::{
    kernel::{Error, Quiet},
    notify::grants,
    org,
    platform::{AppState, db::Step},
};

use super::{TemplateKind, queue::not_before, settings_of, turns};

/// On their way at once, by one process.
pub(super) const BATCH: usize = 16;
/// Longer than a call can take, with a new token and the list of templates before it.
const LEASE: Duration = Duration::from_secs(90);

const NOBODY_IS_SENT: &str = "NOT EXISTS (SELECT 1 FROM push AS way \
    WHERE way.person_id = push.person_id AND way.state = 'sending')";

/// A message that is paid for, and to whom it goes.
pub(super) struct Picked {
    pub row: Model,
    pub openid: String,
    pub template_id: String,
}

/// What a look at the queue came to.
#[derive(Default)]
pub(super) struct Picking {
    pub ready: Vec<Picked>,
    /// Taken and put aside at once: too late, no grant, or quiet hours have begun.
    pub aside: usize,
}

/// Takes up to [`BATCH`] messages and spends their grants, in one transaction.
pub(super) async fn pick(state: &AppState) -> Result<Picking, Error> {
    let now = state.clock.now();
    // Without anything due nobody takes the writer's turn.
    let turns = turns::next(state.db.read(), &state.rng, now).await?;
    if turns.is_empty() {
        return Ok(Picking::default());
    }
    let tx = state.db.write().await?;
    let rows = match take(&tx, &turns, now).await {
        Ok(rows) => rows,
        // Another picker has just taken a message of the same person: the next look finds what is left.
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            return Ok(Picking::default());
        }
        Err(error) => return Err(error).step("pick messages"),
    };
    let openids = openids(&tx, state, &rows).await?;
    let rules = org::settings_of(&*tx, rows.iter().map(|row| row.org_id)).await?;
    let mut picking = Picking::default();
    for row in rows {
        let quiet = rules.get(&row.org_id).map(org::OrgSettings::quiet).unwrap_or_default();
        let template_id = template(state, &row);
        match (aside(&row, quiet, now), openids.get(&row.person_id), template_id) {
            (Some(place), ..) => put(&tx, &row, place, now).await?,
            (None, None, _) => put(&tx, &row, refused("no_account"), now).await?,
            (None, _, None) => put(&tx, &row, refused("no_template"), now).await?,
            (None, Some(openid), Some(template_id)) => {
                if !row.paid && !grants::spend(&tx, state, row.person_id, &template_id).await? {
                    put(&tx, &row, refused("no_grant"), now).await?;
                } else {
                    picking.ready.push(Picked { openid: openid.clone(), template_id, row });
                    continue;
                }
            }
        }
        picking.aside += 1;
    }
    let paid = Entity::update_many()
        .col_expr(Column::Paid, Expr::value(true))
        .filter(Column::Id.is_in(picking.ready.iter().map(|picked| picked.row.id)));
    paid.exec(&*tx).await.step("mark messages as paid")?;
    tx.commit().await?;
    Ok(picking)
}

/// Takes the first of these that are still free, up to [`BATCH`], and marks them as on their way.
async fn take(tx: &DatabaseTransaction, turns: &[Uuid], now: At) -> Result<Vec<Model>, DbErr> {
    let free = Entity::find()
        .filter(Column::Id.is_in(turns.iter().copied()))
        .filter(Column::State.is_in([PushState::Pending, PushState::Retry]))
        .filter(Column::NextAt.lte(now))
        .filter(Expr::cust(NOBODY_IS_SENT))
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(tx)
        .await?;
    let mut free: HashMap<_, _> = free.into_iter().map(|row| (row.id, row)).collect();
    let next = turns.iter().filter_map(|id| free.remove(id)).take(BATCH);
    let lease_until = Some(now.plus(LEASE));
    let on_their_way = next.map(|row| Model {
        state: PushState::Sending,
        fence: row.fence + 1,
        attempts: row.attempts + 1,
        lease_until,
        updated_at: now,
        ..row
    });
    let rows: Vec<_> = on_their_way.collect();
    Entity::update_many()
        .col_expr(Column::State, Expr::value(PushState::Sending))
        .col_expr(Column::Fence, Expr::col(Column::Fence).add(1))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .col_expr(Column::LeaseUntil, Expr::value(lease_until))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(tx)
        .await?;
    Ok(rows)
}

fn template(state: &AppState, row: &Model) -> Option<String> {
    let kind = TemplateKind::named(&row.template)?;
    settings_of(state, kind).map(|set| set.id.clone())
}

async fn openids(
    tx: &DatabaseTransaction,
    state: &AppState,
    rows: &[Model],
) -> Result<HashMap<Uuid, String>, Error> {
    let people: HashSet<_> = rows.iter().map(|row| row.person_id).collect();
    let found = wechat_identity::Entity::find()
        .filter(wechat_identity::Column::PersonId.is_in(people))
        .filter(wechat_identity::Column::AppId.eq(state.wechat.app_id()))
        .all(tx)
        .await
        .step("read openids")?;
    Ok(found.into_iter().map(|row| (row.person_id, row.openid)).collect())
}

/// Where a message goes that is not sent now.
type Aside = (PushState, At, &'static str);

fn refused(why: &'static str) -> Aside {
    (PushState::Refused, At(0), why)
}

fn aside(row: &Model, quiet: Quiet, now: At) -> Option<Aside> {
    let at = not_before(quiet, row.lane, row.begins_at, now);
    match () {
        () if row.useful_until <= at => Some(refused("too_late")),
        () if at > now => Some((PushState::Retry, at, "quiet")),
        () => None,
    }
}

/// Puts a message that was just taken aside: it was not tried.
async fn put(
    tx: &DatabaseTransaction,
    row: &Model,
    (to, at, why): Aside,
    now: At,
) -> Result<(), Error> {
    let put = Entity::update_many()
        .col_expr(Column::State, Expr::value(to))
        .col_expr(Column::NextAt, Expr::value(std::cmp::max(at, now)))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1))
        .col_expr(Column::LeaseUntil, Expr::value(None::<At>))
        .col_expr(Column::LastClass, Expr::value(why))
        .filter(Column::Id.eq(row.id))
        .exec(tx)
        .await;
    metrics::counter!("linli_push_total", "outcome" => why).increment(1);
    put.step("put a message aside").map(drop)
}
