//! 总览: one month of an org and of everything below it, in figures. Read only, and nobody types anything in: each figure
//! is counted from the rows that the story itself left. Figures of an org, never of a person.
//!
//! What each figure counts stands at [`figures::Figures`]; a month is a civil month in Shanghai. The orgs right below
//! follow by name, for whoever wants to look closer: the figures are for helping, not for comparing.
//!
//! Relies on `org` and `identity`.

pub mod figures;
pub mod routes;
