//! What tests stand on: private servers, a world of their own, people to act as.

mod actors;
mod app;
pub mod dump;
mod fingerprint;
pub mod form;
mod photos;
pub mod postgres;
pub mod process;
mod reply;
pub mod servers;
pub mod stack;
pub mod world;

pub use actors::Person;
pub use app::{TestApp, eventually};
pub use linli::stage::{Reply, fresh_key, id};
pub use photos::{form, photo, picture};
pub use reply::Expect;
pub use stack::Stack;
pub use world::{NOW, OTHER_COMMUNITY, WENHUA};
