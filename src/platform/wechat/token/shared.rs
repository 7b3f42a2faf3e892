//! The access token as all replicas share it, sealed, and who may fetch the next one.
//!
//! | key | type | content | rebuilt from |
//! | --- | --- | --- | --- |
//! | `linli:wx:tok:{<app id>}` | STRING, until shortly before its end | sealed: the token, when it was fetched, until when it is used | WeChat |
//! | `linli:wx:tok:{<app id>}:lock` | STRING, 10 s | a random owner, while one fetches | empty is correct |
//! | `linli:wx:tok:{<app id>}:forced` | STRING, 30 s | set after a forced refresh | empty is nearly correct |
//! | `linli:wx:tok:{<app id>}:forced-today` | STRING, a day | how many were forced | empty is nearly correct |

use std::sync::LazyLock;

use ::entity::{At, Sealed};
use redis::Script;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::platform::{crypto::Crypto, redis::Redis};

use super::{
    super::Secret,
    shelf::{DAY, FORCED_A_DAY, FORCED_APART, Kept},
};

static DROP_IF: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("../lua/drop_if.lua")));
static MAY_FORCE: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("../lua/may_force.lua")));

/// Longer than a fetch may take.
const LOCK_MS: u64 = 10_000;

/// What replicas share: a Redis, and the keys that seal what rests there.
#[derive(Clone, Debug)]
pub struct Shared {
    pub redis: Redis,
    pub crypto: Crypto,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    token: String,
    fetched_at: At,
    until: At,
}

/// The place of one mini program's token.
#[derive(Debug)]
pub(super) struct Place {
    shared: Shared,
    /// Bound into the seal: a token copied to another app's place does not open.
    column: String,
    key: String,
}

impl Place {
    pub(super) fn new(app_id: &str, shared: Shared) -> Self {
        // The braces: what one script touches lies in one slot of a cluster.
        let column = format!("wx:tok:{{{app_id}}}");
        Self { key: shared.redis.key(&column), column, shared }
    }

    /// The token that is there and good at `now`.
    pub(super) async fn read(&self, now: At) -> Option<Kept> {
        self.opened().await.map(|(kept, _)| kept).filter(|kept| now < kept.until)
    }

    async fn opened(&self) -> Option<(Kept, String)> {
        let mut get = redis::pipe();
        get.get(&self.key);
        let (sealed,): (Option<String>,) = self.shared.redis.run(&get).await?;
        let sealed = sealed?;
        let open =
            self.shared.crypto.open(&self.column, Uuid::nil(), &Sealed(sealed.clone())).ok()?;
        let Stored { token, fetched_at, until } = serde_json::from_str(&open).ok()?;
        Some((Kept { token: Secret::new(token), fetched_at, until }, sealed))
    }

    pub(super) async fn store(&self, kept: &Kept, now: At) {
        let token = kept.token.as_str().to_owned();
        let stored = Stored { token, fetched_at: kept.fetched_at, until: kept.until };
        let Ok(plain) = serde_json::to_string(&stored) else { return };
        let sealed = self.shared.crypto.seal(&self.column, Uuid::nil(), &plain).0;
        let left = u64::try_from(kept.until.ms() - now.ms()).unwrap_or(0).max(1);
        let mut set = redis::pipe();
        set.pset_ex(&self.key, sealed, left);
        let _: Option<()> = self.shared.redis.run(&set).await;
    }

    /// Removes the token if it is still the refused one.
    pub(super) async fn discard(&self, refused: &Secret) {
        if let Some((kept, sealed)) = self.opened().await
            && kept.token == *refused
        {
            self.drop_if(&self.key, &sealed).await;
        }
    }

    /// Takes the right to fetch. None: Redis does not answer.
    pub(super) async fn lock(&self, owner: &str) -> Option<bool> {
        let mut set = redis::pipe();
        set.cmd("SET").arg(self.lock_key()).arg(owner).arg("NX").arg("PX").arg(LOCK_MS);
        let (taken,): (Option<String>,) = self.shared.redis.run(&set).await?;
        Some(taken.is_some())
    }

    pub(super) async fn unlock(&self, owner: &str) {
        self.drop_if(&self.lock_key(), owner).await;
    }

    /// Whether a refresh may be forced now; if so, it counts. None: Redis does not answer.
    pub(super) async fn may_force(&self) -> Option<bool> {
        let mut call = MAY_FORCE.prepare_invoke();
        call.key(format!("{}:forced", self.key)).key(format!("{}:forced-today", self.key));
        call.arg(ms(FORCED_APART)).arg(FORCED_A_DAY).arg(ms(DAY));
        let may: u8 = self.shared.redis.script(&call).await?;
        Some(may == 1)
    }

    async fn drop_if(&self, key: &str, value: &str) {
        let mut call = DROP_IF.prepare_invoke();
        let _: Option<u8> = self.shared.redis.script(call.key(key).arg(value)).await;
    }

    fn lock_key(&self) -> String {
        format!("{}:lock", self.key)
    }
}

fn ms(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
