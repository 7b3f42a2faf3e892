//! 时间线: one request from its first word to its last picture, as the resident who asked can follow it.
//!
//! Read only. The rows are the facts the story's rooms recorded (`platform::outbox`): request, tasks, claims and
//! story all carry the id of the request they serve. Whoever asked sees what concerns them; the office sees all.
//!
//! Relies on `request` (who may look) and `identity` (names). Records no facts. A new fact gets its words in
//! `model::said`, where the compiler asks for them.

mod model;
pub mod routes;
mod store;
mod view;
