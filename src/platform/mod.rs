//! The second floor: connections and habits every room shares (settings, database, Redis, HTTP edge, crypto,
//! outbox, timetable, file store, WeChat client). It knows no room.

pub mod config;
pub mod cron;
pub mod crypto;
pub mod db;
pub mod health;
pub mod http;
pub mod live;
pub mod metrics;
pub mod outbox;
pub mod pace;
pub mod redis;
pub mod sheet;
pub mod signs;
pub mod state;
pub mod telemetry;
pub mod vault;
pub mod wechat;

pub use db::{Db, Tx};
pub use state::AppState;
