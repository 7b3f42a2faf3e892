//! The head of the chain, signed, to be kept where nobody who writes to the database can write. One line of text:
//!
//! ```text
//! linli-audit-1 <seq> <hash> <time, RFC 3339> <key id> <HMAC-SHA256 over the four before, URL-safe Base64>
//! ```

use std::fmt;

use ::entity::{At, audit_head};
use sea_orm::EntityTrait;
use subtle::ConstantTimeEq;
use tokio::{fs, io::AsyncWriteExt};

use crate::{
    kernel::Error,
    platform::{AppState, config::Keys, crypto::hmac_b64, db::Step},
};

const FORMAT: &str = "linli-audit-1";

/// The last line of the chain at a time, as one line of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedHead {
    pub seq: i64,
    pub hash: String,
    at: String,
    key_id: String,
    signature: String,
}

impl fmt::Display for SignedHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seq, hash, at, key_id, signature } = self;
        // The chain's beginning has no hash; a word keeps the columns.
        let hash = if hash.is_empty() { "-" } else { hash };
        write!(f, "{FORMAT} {seq} {hash} {at} {key_id} {signature}")
    }
}

impl SignedHead {
    fn new(seq: i64, hash: String, at: At, (key_id, key): &(String, [u8; 32])) -> Self {
        let mut head = Self {
            seq,
            hash,
            at: at.to_string(),
            key_id: key_id.clone(),
            signature: String::new(),
        };
        head.signature = head.signed_with(key);
        head
    }

    fn signed_with(&self, key: &[u8; 32]) -> String {
        hmac_b64(key, &[FORMAT, &self.seq.to_string(), &self.hash, &self.at, &self.key_id])
    }

    /// Reads a line; None where it is none of ours or its signature does not hold.
    pub fn read(line: &str, keys: &Keys) -> Option<Self> {
        let parts: Vec<_> = line.split(' ').collect();
        let [FORMAT, seq, hash, at, key_id, signature] = parts.as_slice() else { return None };
        let owned = |text: &str| text.to_owned();
        let head = Self {
            seq: seq.parse().ok()?,
            hash: if *hash == "-" { String::new() } else { owned(hash) },
            at: owned(at),
            key_id: owned(key_id),
            signature: owned(signature),
        };
        let (_, key) = keys.parse().ok()?.into_iter().find(|(id, _)| id == key_id)?;
        let good = head.signed_with(&key).as_bytes().ct_eq(head.signature.as_bytes());
        bool::from(good).then_some(head)
    }
}

/// The head as it is now, signed with the newest of `audit.head_keys`.
///
/// # Errors
/// When it cannot be read, or there is no key.
pub async fn sign(state: &AppState) -> Result<SignedHead, Error> {
    let head = audit_head::Entity::find_by_id(1).one(state.db.read()).await;
    let head = head.step("read the head")?.ok_or_else(|| Error::impossible("read the head"))?;
    let keys = state.settings.audit.head_keys.parse();
    let keys = keys
        .map_err(|why| Error::broken("sign the head", anyhow::anyhow!("audit.head_keys {why}")))?;
    Ok(SignedHead::new(head.seq, head.hash, state.clock.now(), &keys[0]))
}

/// Appends the signed head to `audit.head_file`; nothing where that is empty. Tells whether it did.
///
/// # Errors
/// When the file cannot be written.
pub async fn keep(state: &AppState) -> Result<bool, Error> {
    let file = &state.settings.audit.head_file;
    if file.is_empty() {
        return Ok(false);
    }
    let head = sign(state).await?;
    let broken = |error| Error::broken("keep the head", anyhow::Error::from(error));
    let mut file =
        fs::OpenOptions::new().create(true).append(true).open(file).await.map_err(broken)?;
    file.write_all(format!("{head}\n").as_bytes()).await.map_err(broken)?;
    file.flush().await.map_err(broken)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Keys {
        serde_json::from_value(serde_json::json!(text)).unwrap()
    }

    #[test]
    fn a_signed_head_reads_back_and_a_changed_one_does_not() {
        let known = keys("h1:D7lN4p34ESBb+z7wGYZg8j6FnOCZU6yh3fn5agLf8K8=");
        let head = SignedHead::new(42, "abc".into(), At(0), &known.parse().unwrap()[0]);
        let line = head.to_string();
        assert_eq!(SignedHead::read(&line, &known), Some(head));
        assert_eq!(SignedHead::read(&line.replace(" 42 ", " 41 "), &known), None);
        let other = keys("h1:gSJ1XGgZKoOq3EqbKmtgtGCedFmq0flz0gEMfb1J870=");
        assert_eq!(SignedHead::read(&line, &other), None);
        let first = SignedHead::new(0, String::new(), At(0), &known.parse().unwrap()[0]);
        assert_eq!(SignedHead::read(&first.to_string(), &known), Some(first));
    }
}
