//! 定时任务的记录: what the timetable did for an org, for whom how many, and what was left out and why; and all of it for
//! operators. Read only: numbers and reasons, no names.
//!
//! Relies on `org` and `identity`. How jobs run is told in `platform/cron`; which there are, in `schedule.rs`.

pub mod routes;
mod store;
mod view;
