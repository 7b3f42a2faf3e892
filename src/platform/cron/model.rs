//! What a job is, when it is due, and what one step of it did.

use std::{collections::BTreeMap, pin::Pin, time::Duration};

use ::entity::At;
use uuid::Uuid;

use crate::{
    kernel::Error,
    platform::{AppState, Tx},
};

/// Most people one chunk may see to: a transaction stays short.
pub const CHUNK: u64 = 200;

/// One time a job is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// Unique within the job: the local date, the month, or a row with its step (`{theme_day}|3d|2026-11-25`); never
    /// made from the present moment.
    pub period: String,
    pub due_at: At,
    /// Whose it is, where it is one org's; what the org sees of its jobs.
    pub org_id: Option<Uuid>,
    /// The row it is about, where it is about one.
    pub subject_id: Option<Uuid>,
}

/// Work under way.
pub type Step<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// When a job is due.
#[derive(Clone, Copy)]
pub enum When {
    /// Seconds, minutes, hours, day of month, month, day of week; by the wall clock of Asia/Shanghai. The period is
    /// the local date, with the time where it may be due more than once a day.
    Cron(&'static str),
    /// All occurrences due in (from, until], read from the rows they follow from. One that is reported again, with
    /// whatever due time, is the same by its period.
    Planned(for<'a> fn(&'a AppState, At, At) -> Step<'a, Vec<Occurrence>>),
}

/// A line of the timetable.
#[derive(Clone, Copy)]
pub struct Job {
    /// Stable name, e.g. `task.reminder`.
    pub key: &'static str,
    pub when: When,
    /// The same in Chinese, for `linli jobs list`.
    pub words: &'static str,
    /// How late it still makes sense. What is older becomes a `skipped` row.
    pub catch_up: Duration,
    /// One transaction of the work: at most `CHUNK` people from the cursor on. `None` is the beginning.
    pub chunk: for<'a> fn(&'a AppState, &'a Tx, &'a Run, Option<String>) -> Step<'a, Chunk>,
}

/// An occurrence being seen to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub job: String,
    pub period: String,
    pub due_at: At,
    pub org_id: Option<Uuid>,
    pub subject_id: Option<Uuid>,
}

/// What one transaction did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chunk {
    /// Where the next one begins; none: the run is done.
    pub cursor: Option<String>,
    /// How many were told.
    pub told: u64,
    /// How many were left out, by reason.
    pub passed: BTreeMap<&'static str, u64>,
}

/// Why a run is skipped: when somebody looked, or got to it, it was later than the job may be.
pub const TOO_LATE: &str = "too_late";

impl When {
    /// As stored and shown: the cron line, or `planned`.
    pub fn spec(&self) -> &'static str {
        match self {
            Self::Cron(spec) => spec,
            Self::Planned(_) => "planned",
        }
    }
}

impl Run {
    /// What happened, for the key that lets a notice be said once: job and period.
    pub fn occasion(&self) -> String {
        format!("{}|{}", self.job, self.period)
    }

    /// The next `CHUNK` of these people after the cursor, and the cursor after them where there are more.
    ///
    /// # Errors
    /// When the cursor is none of ours.
    pub fn part(
        &self,
        mut people: Vec<Uuid>,
        cursor: Option<String>,
    ) -> Result<(Vec<Uuid>, Option<String>), Error> {
        let after = self.after(cursor)?;
        people.retain(|person| *person > after);
        people.sort_unstable();
        people.dedup();
        let most = usize::try_from(CHUNK).unwrap_or(usize::MAX);
        let more = people.len() > most;
        people.truncate(most);
        let cursor = people.last().filter(|_| more).map(Uuid::to_string);
        Ok((people, cursor))
    }

    /// A cursor that is an id; the smallest of all where there is none.
    ///
    /// # Errors
    /// When the cursor is none of ours.
    pub fn after(&self, cursor: Option<String>) -> Result<Uuid, Error> {
        let parsed = cursor.map(|text| text.parse()).transpose();
        Ok(parsed.map_err(|_| Error::impossible("read the cursor of a run"))?.unwrap_or_default())
    }
}

impl Chunk {
    /// Nobody is told, for that reason; the run is done.
    pub fn passing(why: &'static str, n: u64) -> Self {
        Self { passed: BTreeMap::from([(why, n)]), ..Self::default() }
    }
}
