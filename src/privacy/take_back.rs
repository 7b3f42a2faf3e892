//! 撤回授权: in WeChat's settings somebody takes back what the mini program was allowed to know. What it names goes at
//! once, and nothing else; numbers we were never told anything for mean nothing.

use ::entity::{person, request, task};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, SimpleExpr},
};
use uuid::Uuid;

use crate::{
    audit::{self, Act, Deed},
    file,
    identity::{
        consents::{self, Purpose},
        people,
    },
    kernel::Error,
    platform::{AppState, Tx, db::Step},
    request as requests,
};

use super::leave::{about, asked, forget_answers, forget_own_answers, move_cards_on};

/// What WeChat can name that the house may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Known {
    Name,
    Phone,
    Point,
    Photos,
}
use Known::{Name, Phone, Photos, Point};

/// WeChat's numbers in `RevokeInfo`. 16 is the mail address, which nobody asks for.
fn known(number: i64) -> Option<Known> {
    match number {
        // Nickname and picture, and the two components that fill them in.
        6 | 19 | 20 => Some(Name),
        8 => Some(Phone),
        13 => Some(Point),
        14 => Some(Photos),
        _ => None,
    }
}

impl Known {
    fn word(self) -> &'static str {
        match self {
            Name => "称呼",
            Phone => "手机号",
            Point => "位置",
            Photos => "照片",
        }
    }
}

/// Erases what somebody took back, in the caller's transaction; once more changes nothing. Answers the tasks whose cards
/// have to be shown anew.
///
/// # Errors
/// When it cannot be stored.
pub async fn take_back(
    tx: &Tx,
    state: &AppState,
    person: Uuid,
    numbers: &[i64],
) -> Result<Vec<Uuid>, Error> {
    let mut named: Vec<_> = numbers.iter().filter_map(|number| known(*number)).collect();
    named.sort_unstable();
    named.dedup();
    if named.is_empty() {
        return Ok(Vec::new());
    }
    people::lock(tx, person).await?;
    let mut cards = Vec::new();
    for one in &named {
        match one {
            Name => people::unname(tx, state, person).await?,
            Phone => forget_phone(tx, state, person).await?,
            Point => cards = forget_points(tx, state, person).await?,
            Photos => file::forget(tx, state, person).await?,
        }
    }
    // Answers kept for their own retries repeat what they sent.
    forget_own_answers(tx, person).await?;
    let words: Vec<_> = named.into_iter().map(Known::word).collect();
    let deed = Deed {
        act: Act::DataTakenBack,
        actor_id: None,
        org_id: None,
        subject_id: Some(person),
        why: Some(words.join("、")),
    };
    audit::record(tx, state, deed).await?;
    Ok(cards)
}

async fn forget_phone(tx: &Tx, state: &AppState, person: Uuid) -> Result<(), Error> {
    let none = || -> SimpleExpr { Expr::null() };
    person::Entity::update_many()
        .col_expr(person::Column::Phone, none())
        .col_expr(person::Column::PhoneIndex, none())
        .col_expr(person::Column::UpdatedAt, Expr::value(state.clock.now().ms()))
        .filter(person::Column::Id.eq(person))
        .exec(&**tx)
        .await
        .step("forget a phone")
        .map(drop)
}

/// Points on the map, of what they asked for and half wrote; the words they typed stay, so that people find the way to
/// whoever still waits. And the consent to look where they are.
async fn forget_points(tx: &Tx, state: &AppState, person: Uuid) -> Result<Vec<Uuid>, Error> {
    consents::end(tx, state, person, Purpose::Location).await?;
    requests::forget_point(tx, state, person).await?;
    let asked = asked(tx, person).await?;
    let none = || -> SimpleExpr { Expr::null() };
    request::Entity::update_many()
        .col_expr(request::Column::Lat, none())
        .col_expr(request::Column::Lng, none())
        .filter(request::Column::RequesterId.eq(person))
        .exec(&**tx)
        .await
        .step("forget the places of requests")?;
    task::Entity::update_many()
        .col_expr(task::Column::Lat, none())
        .col_expr(task::Column::Lng, none())
        .filter(task::Column::RequestId.is_in(asked.iter().copied()))
        .exec(&**tx)
        .await
        .step("forget the places of their tasks")?;
    let cards = move_cards_on(tx, state, &asked).await?;
    forget_answers(tx, &about(&asked, &cards, &[])).await?;
    Ok(cards)
}
