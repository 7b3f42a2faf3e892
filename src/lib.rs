//! 邻里: 群众点单 → 社区派单 → 党员接单 → 组织晒单.
//!
//! The map, from the floor up. A room may import the rooms below it as the table in `docs/architecture.md` says;
//! `tests/it/directions.rs` holds the code against it. To read the product, walk the story in order.
//!
//! ```text
//! roof      boot lifecycle server app routes loops rounds schedule relay reactions telling letterbox pushed cli …   knows everyone, decides nothing
//! story     request 点单 → dispatch 派单 → claim 接单 → showcase 晒单, matching and asking find people, timeline, home, overview and privacy read them all
//! beside    themeday 主题党日, birthday 政治生日
//! below     content  ranking  complaint  notify  ledger  file  org  identity  audit
//! floor     platform  kernel                                               know no room
//! ```

// The roof.
pub mod alone;
pub mod app;
pub mod boot;
pub mod cli;
pub mod clients;
pub mod document;
pub mod letterbox;
pub mod lifecycle;
pub mod loops;
pub mod probes;
pub mod pushed;
pub mod reactions;
pub mod relay;
pub mod rounds;
pub mod routes;
pub mod schedule;
pub mod schema;
pub mod server;
#[cfg(feature = "stand-in")]
pub mod stage;
pub mod telling;

// The story, in order.
pub mod request;

pub mod dispatch;

pub mod claim;

pub mod matching;

pub mod asking;

pub mod showcase;

pub mod home;
pub mod jobs;
pub mod live;
pub mod overview;
pub mod privacy;
pub mod timeline;

// Beside the story.
pub mod birthday;

// Below the story.
pub mod audit;
pub mod complaint;
pub mod content;
pub mod file;
pub mod identity;
pub mod ledger;
pub mod notify;
pub mod org;
pub mod ranking;
pub mod themeday;

// The floor.
pub mod kernel;
pub mod platform;
