//! 类别: the kinds of help an org offers. An org's categories hold for itself and its subtree; of two with the same
//! name the nearest has the last word, also when it says that there is none (停用). Where any is in force a request
//! names one of them; elsewhere its category is free words.
//!
//! A category asks at most two questions, promises its own times, and says what keeps people safe. Records
//! `CategoryChanged`: cards of tasks repeat it.

mod model;
pub mod routes;
mod store;
mod write;

pub(super) use model::check_replies;
pub use model::{Reply, Safety};
pub(super) use store::{by_ids, in_force};

use crate::platform::http::Kind;

pub const CATEGORY_EXISTS: Kind =
    Kind::new("category.exists", 409, "已经有同名的类别", "A category of this name exists here");
