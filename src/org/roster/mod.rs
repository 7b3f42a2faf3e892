//! 花名册导入: a branch's or an office's own Excel file into people, places and party records. Files are as people
//! keep them: titles above the headings, columns in any order, merged cells, dates and phones written by hand.
//!
//! ```text
//! file ─► sheet (cells by row) ─► lines (a person each) ─► plan (what each changes) ─► one transaction
//!             every fault is named with its row as Excel shows it; one fault and nothing is stored
//! ```
//!
//! The same file again changes nothing. People are known by their phone; who has none there is known by real name
//! within the branch, and never where that could mean two people: then the file is refused and a human decides.
//! Files above `AT_ONCE` bytes are read behind the request (202), with progress in `GET /imports/{id}`.

mod cell;
mod csv;
mod ground;
mod heading;
mod line;
mod plan;
mod routes;
mod run;
mod sheet;
mod store;
mod template;
mod upload;
mod view;
mod write;
mod xlsx;

pub(super) use routes::configure;
