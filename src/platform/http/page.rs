//! Lists come in pages by key, newest first: `?limit=&cursor=`. A cursor is opaque and holds an id alone.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::problem::Problem;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Ask again with it for what comes after; null: that was all.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// From up to `limit + 1` rows in order: the extra one only proves that more exist.
    pub fn cut(mut rows: Vec<T>, limit: u64, id: impl Fn(&T) -> Uuid) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(|row| B64.encode(id(row).as_bytes()));
        Self { items: rows, next_cursor }
    }

    /// The same page with every row turned into something else.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next_cursor: self.next_cursor }
    }
}

/// Where a page starts and how long it is.
#[derive(Clone, Debug, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// 1 to 100, 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    #[validate(range(min = 1, max = 100))]
    pub limit: Option<u64>,
    #[param(max_length = 64)]
    #[validate(length(max = 64))]
    pub cursor: Option<String>,
}

impl PageQuery {
    pub fn limit(&self) -> u64 {
        limit(self.limit)
    }

    /// The id after which the page starts.
    ///
    /// # Errors
    /// A `validation` problem naming `cursor`.
    pub fn after(&self) -> Result<Option<Uuid>, Problem> {
        after(self.cursor.as_deref())
    }
}

/// The query for one page, newest first by id, with one row more than asked to prove that there is more.
pub fn newest_first<E: EntityTrait>(
    query: Select<E>,
    id: E::Column,
    after: Option<Uuid>,
    limit: u64,
) -> Select<E> {
    let query = match after {
        Some(after) => query.filter(id.lt(after)),
        None => query,
    };
    query.order_by_desc(id).limit(limit + 1)
}

pub fn limit(limit: Option<u64>) -> u64 {
    limit.unwrap_or(20).clamp(1, 100)
}

/// Opens a cursor.
///
/// # Errors
/// A `validation` problem naming `cursor`.
pub fn after(cursor: Option<&str>) -> Result<Option<Uuid>, Problem> {
    cursor
        .map(|text| {
            let bytes = B64.decode(text).ok().and_then(|bytes| Uuid::from_slice(&bytes).ok());
            bytes.ok_or_else(|| {
                Problem::field(
                    "cursor",
                    "value",
                    "翻页标记不对，请从头再看",
                    "Not a cursor of this list",
                )
            })
        })
        .transpose()
}
