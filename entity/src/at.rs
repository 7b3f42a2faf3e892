//! The one way time is stored: UTC milliseconds, the same number on SQLite and PostgreSQL.
//! Outside it is RFC 3339 with `+08:00`, as people in Zunyi read their clocks.

use std::{fmt, time::Duration};

use chrono::{DateTime, FixedOffset, Utc};
use sea_orm::DeriveValueType;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType, utoipa::ToSchema,
)]
#[schema(value_type = String, format = DateTime, example = "2026-11-28T09:00:00+08:00")]
pub struct At(pub i64);

impl At {
    /// Milliseconds since the epoch, UTC.
    pub fn ms(self) -> i64 {
        self.0
    }

    /// The same instant as a UTC date and time. Instants outside chrono's range read as the epoch.
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or_default()
    }

    /// This instant moved forward.
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }

    /// This instant moved back.
    pub fn minus(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl From<DateTime<Utc>> for At {
    fn from(at: DateTime<Utc>) -> Self {
        Self(at.timestamp_millis())
    }
}

/// RFC 3339 in China Standard Time, which has had no daylight saving since 1991.
impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cst = FixedOffset::east_opt(8 * 3600).expect("eight hours is an offset");
        write!(
            f,
            "{}",
            self.utc().with_timezone(&cst).to_rfc3339_opts(chrono::SecondsFormat::AutoSi, false)
        )
    }
}

impl Serialize for At {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        DateTime::parse_from_rfc3339(&text)
            .map(|at| at.to_utc().into())
            .map_err(|_| D::Error::custom("invalid value: expected an RFC 3339 time with offset"))
    }
}
