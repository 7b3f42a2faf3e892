//! From settings to a state that can work: settings → database → schema → Redis → state. Whatever is wrong is
//! said before anything starts, with how to mend it.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, bail};

use crate::{
    alone,
    kernel::{Clock, Rng, clock::SystemClock},
    platform::{
        AppState, Db,
        config::{Settings, without_password},
        cron::Wall,
        crypto::Crypto,
        db::Use,
        http::{lanes::Lanes, limit::Limits},
        live::Hub,
        redis::Redis,
        signs::Signs,
        vault::Vault,
        wechat::{Shared, Wechat},
    },
    schema,
};

/// What tests hand in differently.
#[derive(Clone, Debug)]
pub struct Parts {
    pub clock: Clock,
    pub rng: Rng,
}

impl Default for Parts {
    /// The machine's own.
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock), rng: Rng::from_system() }
    }
}

/// Looks the settings over in full: every fault is named at once.
///
/// # Errors
/// When there is any fault.
pub fn check(settings: &Settings) -> anyhow::Result<()> {
    let faults = settings.faults();
    if !faults.is_empty() {
        bail!(
            "配置有 {} 处要改 settings to mend（每一项的说明见 config/default.toml）：\n  {}",
            faults.len(),
            faults.join("\n  ")
        );
    }
    Ok(())
}

/// Opens the database; the folder of a SQLite file is made where it is missing.
///
/// # Errors
/// When it cannot be reached, naming the address without its password.
pub async fn database(settings: &Settings, purpose: Use) -> anyhow::Result<Db> {
    alone::make_folder(&settings.database.url)?;
    Db::connect(&settings.database, purpose).await.with_context(|| {
        format!(
            "连不上数据库 {} (cannot reach the database)：请看它是否在运行、地址和密码对不对：\
             database.url / LINLI__DATABASE__URL",
            without_password(&settings.database.url)
        )
    })
}

/// Everything a server, a worker or a command needs.
///
/// # Errors
/// Faulty settings, an unreachable database, a schema that is not current.
pub async fn state(settings: Settings, parts: Parts) -> anyhow::Result<AppState> {
    check(&settings)?;
    for warning in settings.warnings() {
        tracing::warn!("{warning}");
    }
    let db = database(&settings, Use::Service).await?;
    schema::ensure_current(&db).await?;
    let mut state = assemble(settings, parts, db)?;
    let own = state.db.apart(&state.settings.database.url, state.settings.claims.connections).await;
    state.claims = own.context("接单自己的数据库连接开不了 (no connections for claims)")?;
    if let Some(redis) = &state.redis {
        // Opens the connection here, on the runtime that lives as long as the process.
        redis.ping().await;
    }
    Ok(state)
}

/// The state around an open database, whatever its schema.
///
/// # Errors
/// When a key, the Redis address or the WeChat settings cannot be used.
pub fn assemble(settings: Settings, parts: Parts, db: Db) -> anyhow::Result<AppState> {
    let keys = settings.crypto.keys.parse().map_err(named("crypto.keys"))?;
    let index_key = settings.crypto.index_key.first().map_err(named("crypto.index_key"))?;
    let redis = settings
        .redis_url()
        .map(|url| Redis::new(url, &settings.redis.prefix))
        .transpose()
        .context(
            "redis.url 写得不对 cannot be understood: redis://host:6379, redis+unix:///path",
        )?;
    let limits = Limits::new(&settings, &parts.clock).map_err(named("http.trusted_proxies"))?;
    let crypto = Crypto::new(&keys, index_key, parts.rng.clone());
    let shared = redis.clone().map(|redis| Shared { redis, crypto: crypto.clone() });
    let wechat = Wechat::new(&settings.wechat, parts.clock.clone(), parts.rng.clone(), shared)
        .context("wechat.base_url 不能用 cannot be used")?;
    let vault = Vault::new(&settings.files).context("files.store 不能用 cannot be used")?;
    let signs = Signs::new(Duration::from_millis(settings.claims.sign_ms));
    let (most, of_an_org) = (settings.live.connections, settings.live.connections_per_org);
    let live = Hub::new(most, of_an_org, signs.clone());
    Ok(AppState {
        signs,
        live,
        crypto,
        lanes: Arc::new(Lanes::new(&settings.http)),
        limits: Arc::new(limits),
        settings: Arc::new(settings),
        claims: db.clone(),
        db,
        redis,
        clock: parts.clock,
        rng: parts.rng,
        wechat: Arc::new(wechat),
        vault,
        wall: Arc::new(Wall::default()),
    })
}

fn named(key: &str) -> impl Fn(String) -> anyhow::Error {
    move |why| anyhow::anyhow!("{key} {why}")
}
