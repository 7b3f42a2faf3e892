//! 定时任务: what the calendar asks for, once. The bell rings in every replica; the database decides who does what.
//!
//! A job says when it is due (`When`) and what one transaction of its work is (`Job::chunk`). A time at which it is
//! due is an `Occurrence`, known by job and period; the period is a civil date, a month or a row with its step, never
//! the present moment. So any number of schedulers, restarts and jumps of the clock see the same occurrences.
//!
//! ```text
//! look   what fell due since the job is known, and not longer ago than it may be late, becomes a row
//!        waiting ─► running (lease, fence) ─► done
//!           ▲          │ the taker died: the next one goes on from the cursor
//!           │          ├─► waiting again, later each time (a chunk failed) ─► failed, for a person to see
//!           │          └─► skipped: it came too late
//!        skipped: it was noticed too late. Due again, because the clock had run ahead, it waits again
//! ```
//!
//! The timetable is `schedule.rs` on the roof. The next job: write its chunk in `<room>/job.rs`, give it a line there.

mod bell;
mod calendar;
mod look;
mod model;
mod round;
mod skew;
mod store;
mod work;

pub use bell::Bell;
pub use calendar::times;
pub use look::{due, look};
pub use model::{CHUNK, Chunk, Job, Occurrence, Run, Step, TOO_LATE, When};
pub use round::{Round, round};
pub use skew::{Wall, ahead_of_us};
pub use store::{again, failed, history, run_of};
pub use work::{LEASE, Taken, Worked, rehearse, take, take_late, work};
