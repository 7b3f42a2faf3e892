//! The order of an inbox: urgent ones first, then by when they are due, then as they came. And how pressing: what SQL
//! says here is what `model::level` says.

use ::entity::{
    At,
    request::{Column, Entity, RequestState},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use sea_orm::{
    ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait, Func},
};
use uuid::Uuid;

use crate::platform::http::Problem;

use super::model::{Level, soon};

/// Stands where nothing is due: after everything that is.
const NEVER: i64 = i64::MAX;

/// A place in that order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    urgent: bool,
    due: i64,
    id: Uuid,
}

impl Key {
    pub fn of(row: &::entity::request::Model) -> Self {
        Self { urgent: row.urgent, due: row.due_at.map_or(NEVER, At::ms), id: row.id }
    }

    /// As a cursor.
    pub fn close(self) -> String {
        let bytes = [&[u8::from(self.urgent)], &self.due.to_be_bytes()[..], self.id.as_bytes()];
        B64.encode(bytes.concat())
    }

    /// # Errors
    /// A `validation` problem naming `cursor`.
    pub fn open(cursor: &str) -> Result<Self, Problem> {
        let read = || {
            let bytes = B64.decode(cursor).ok().filter(|bytes| bytes.len() == 25)?;
            let due = i64::from_be_bytes(bytes[1..9].try_into().ok()?);
            let id = Uuid::from_slice(&bytes[9..]).ok()?;
            (bytes[0] <= 1).then_some(Self { urgent: bytes[0] == 1, due, id })
        };
        read().ok_or_else(|| {
            let (zh, en) = ("翻页标记不对，请从头再看", "Not a cursor of this list");
            Problem::field("cursor", "value", zh, en)
        })
    }
}

fn due() -> Expr {
    let column = Expr::col((Entity, Column::DueAt));
    Expr::from(Func::coalesce([column, Expr::val(NEVER)]))
}

/// The query for one page, most pressing first, with one row more than asked to prove that there is more.
pub fn most_pressing_first(
    query: Select<Entity>,
    after: Option<Key>,
    limit: u64,
) -> Select<Entity> {
    let query = match after {
        Some(key) => query.filter(behind(key)),
        None => query,
    };
    query
        .order_by_desc(Column::Urgent)
        .order_by(due(), sea_orm::Order::Asc)
        .order_by_asc(Column::Id)
        .limit(limit + 1)
}

fn behind(key: Key) -> Condition {
    let same_due = Condition::all().add(due().eq(key.due)).add(Column::Id.gt(key.id));
    let later = Condition::any().add(due().gt(key.due)).add(same_due);
    let same = Condition::all().add(Column::Urgent.eq(key.urgent)).add(later);
    let calm = Condition::any().add(same);
    if key.urgent { calm.add(Column::Urgent.eq(false)) } else { calm }
}

/// Requests of that level at that moment.
pub fn at_level(level: Level, now: At) -> Condition {
    let soon_at = |state| now.plus(soon(state));
    let first = Column::State.eq(RequestState::Submitted);
    let rest = Column::State.ne(RequestState::Submitted);
    let (at_first, at_rest) = (soon_at(RequestState::Submitted), soon_at(RequestState::Returned));
    let due = Column::DueAt;
    match level {
        Level::Overdue => Condition::all().add(due.lt(now)),
        Level::Soon => {
            let first = Condition::all().add(first).add(due.lt(at_first));
            let rest = Condition::all().add(rest).add(due.lt(at_rest));
            Condition::all().add(due.gte(now)).add(Condition::any().add(first).add(rest))
        }
        Level::OnTime => {
            let first = Condition::all().add(first).add(due.gte(at_first));
            let rest = Condition::all().add(rest).add(due.gte(at_rest));
            Condition::any().add(first).add(rest)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_opens_to_what_was_closed() {
        for due in [0, 1_795_312_800_000, NEVER] {
            for urgent in [false, true] {
                let key = Key { urgent, due, id: Uuid::from_u128(7) };
                assert_eq!(Key::open(&key.close()).unwrap(), key);
            }
        }
        for bad in ["", "!!!", "AAAAAAAAAAAAAAAAAAAAAA"] {
            assert!(Key::open(bad).is_err(), "{bad}");
        }
    }
}
