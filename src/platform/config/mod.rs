//! Settings: `config/default.toml` < `config/<environment>.toml` < a file of the operator's < environment
//! variables (`LINLI__HTTP__LISTEN`). Read once, checked in full, every fault named at once.

mod check;
mod keys;

use std::{fmt, path::PathBuf};

use config::{Config, ConfigError, Environment, File, FileFormat};
use serde::Deserialize;

use super::{vault::FileSettings, wechat::WechatSettings};

pub use keys::Keys;

const LAYERS: [(&str, &str); 3] = [
    ("development", include_str!("../../../config/development.toml")),
    ("test", include_str!("../../../config/test.toml")),
    ("production", include_str!("../../../config/production.toml")),
];

/// Everything an operator may set; each key is explained in `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    #[serde(default)]
    pub environment: String,
    pub http: HttpSettings,
    pub limits: LimitSettings,
    pub live: LiveSettings,
    pub claims: ClaimSettings,
    pub database: DatabaseSettings,
    pub redis: RedisSettings,
    pub auth: AuthSettings,
    pub crypto: CryptoSettings,
    pub audit: AuditSettings,
    pub privacy: PrivacySettings,
    pub wechat: WechatSettings,
    pub files: FileSettings,
    pub loops: LoopSettings,
    pub schedule: ScheduleSettings,
    pub backup: BackupSettings,
    pub log: LogSettings,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimSettings {
    pub connections: u32,
    pub batch: usize,
    pub waiting: usize,
    /// Milliseconds.
    pub sign_ms: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiveSettings {
    pub connections: usize,
    pub connections_per_org: usize,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpSettings {
    pub listen: String,
    pub admin_listen: String,
    pub public_url: String,
    pub workers: usize,
    pub body_limit_bytes: usize,
    pub request_seconds: u64,
    pub drain_seconds: u64,
    pub stop_seconds: u64,
    pub trusted_proxies: String,
    pub in_flight: usize,
    pub in_flight_claims: usize,
    pub in_flight_exports: usize,
    pub in_flight_pushes: usize,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitSettings {
    pub sign_ins_per_minute: u32,
    pub public_per_minute: u32,
    pub reads_per_minute: u32,
    pub writes_per_minute: u32,
    pub claims_per_minute: u32,
    pub uploads_per_minute: u32,
    pub exports_per_hour: u32,
}

impl LimitSettings {
    /// For a service whose clock is moved by hand: while it stands, nothing would ever come back.
    pub fn wide() -> Self {
        const MANY: u32 = 100_000;
        Self {
            sign_ins_per_minute: MANY,
            public_per_minute: MANY,
            reads_per_minute: MANY,
            writes_per_minute: MANY,
            claims_per_minute: MANY,
            uploads_per_minute: MANY,
            exports_per_hour: MANY,
        }
    }
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSettings {
    pub url: String,
    pub max_connections: u32,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedisSettings {
    pub url: String,
    pub prefix: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthSettings {
    pub issuer: String,
    pub audience: String,
    pub signing_keys: Keys,
    pub refresh_key: Keys,
    pub access_minutes: u64,
    pub refresh_days: u64,
    pub staff_idle_minutes: u64,
    pub remember_seconds: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CryptoSettings {
    pub keys: Keys,
    pub index_key: Keys,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditSettings {
    pub head_keys: Keys,
    pub head_file: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrivacySettings {
    pub reveals_per_day: u64,
    pub keep_request_months: u32,
    pub keep_draft_days: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoopSettings {
    pub enabled: bool,
    pub relay_ms: u64,
    pub settle_ms: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleSettings {
    pub look_seconds: u64,
    pub max_skew_seconds: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupSettings {
    pub folder: String,
    pub max_age_hours: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSettings {
    pub format: LogFormat,
    pub filter: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Pretty,
    Json,
}

impl fmt::Debug for DatabaseSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseSettings({})", without_password(&self.url))
    }
}

impl fmt::Debug for RedisSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedisSettings({})", without_password(&self.url))
    }
}

/// An address with what stands between `:` and `@` hidden.
pub fn without_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => match url[scheme + 3..at].split_once(':') {
            Some((user, _)) => format!("{}{user}:***{}", &url[..scheme + 3], &url[at..]),
            None => url.to_owned(),
        },
        _ => url.to_owned(),
    }
}

impl Settings {
    /// Reads the layers for `environment`, with `overrides` (dotted key, value) on top of all.
    ///
    /// # Errors
    /// When a file cannot be read or a key is unknown or of the wrong type.
    pub fn load(
        environment: &str,
        file: Option<PathBuf>,
        overrides: &[(&str, String)],
    ) -> Result<Self, ConfigError> {
        let layer = LAYERS.iter().find(|(name, _)| *name == environment).ok_or_else(|| {
            ConfigError::Message(format!(
                "LINLI_ENV={environment}: expected development, test or production"
            ))
        })?;
        let mut builder = Config::builder()
            .add_source(File::from_str(
                include_str!("../../../config/default.toml"),
                FileFormat::Toml,
            ))
            .add_source(File::from_str(layer.1, FileFormat::Toml));
        if let Some(file) = file {
            builder = builder.add_source(File::from(file).format(FileFormat::Toml));
        }
        builder = builder
            .add_source(Environment::with_prefix("LINLI").prefix_separator("__").separator("__"));
        for (key, value) in overrides {
            builder = builder.set_override(*key, value.clone())?;
        }
        let mut settings: Self = builder.build()?.try_deserialize()?;
        environment.clone_into(&mut settings.environment);
        Ok(settings)
    }

    pub fn is_production(&self) -> bool {
        self.environment == "production"
    }

    /// The Redis address, unless the installation has none.
    pub fn redis_url(&self) -> Option<&str> {
        (!self.redis.url.is_empty()).then_some(self.redis.url.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_addresses_are_not_shown() {
        assert_eq!(without_password("postgres://a:geheim@db/x"), "postgres://a:***@db/x");
        assert_eq!(without_password("sqlite://var/linli.db"), "sqlite://var/linli.db");
    }

    #[test]
    fn every_layer_loads_and_an_unknown_key_is_named() {
        for (name, _) in LAYERS {
            Settings::load(name, None, &[]).unwrap();
        }
        let error =
            Settings::load("test", None, &[("http.prot", "1".into())]).unwrap_err().to_string();
        assert!(error.contains("prot"), "{error}");
    }
}
