//! What every handler and loop is handed: connections and clients, no rules. Built in `boot.rs`, and by tests
//! with another clock, prefix and WeChat.

use std::sync::Arc;

use crate::kernel::{Clock, Rng};

use super::{
    config::Settings,
    cron::Wall,
    crypto::Crypto,
    db::Db,
    http::{lanes::Lanes, limit::Limits},
    live::Hub,
    redis::Redis,
    signs::Signs,
    vault::Vault,
    wechat::Wechat,
};

/// Connections and clients.
#[derive(Clone, Debug)]
pub struct AppState {
    pub settings: Arc<Settings>,
    pub db: Db,
    /// The same database, by connections that claims have for themselves.
    pub claims: Db,
    /// None: the installation has no Redis at all.
    pub redis: Option<Redis>,
    pub clock: Clock,
    pub rng: Rng,
    pub crypto: Crypto,
    pub wechat: Arc<Wechat>,
    pub vault: Vault,
    /// Requests being answered right now.
    pub lanes: Arc<Lanes>,
    pub limits: Arc<Limits>,
    /// The machine's clock against the database's, and the bell of the timetable.
    pub wall: Arc<Wall>,
    /// What this process knows to be full or closed.
    pub signs: Signs,
    /// Screens that stay open on this process.
    pub live: Hub,
}
