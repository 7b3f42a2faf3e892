//! Personal fields at rest: AES-256-GCM, bound to their column and row, so that a value copied elsewhere does
//! not open. Stored as `v1|key id|nonce|ciphertext`.

use std::{fmt, sync::Arc};

use ::entity::Sealed;
use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::kernel::{Error, Rng};

/// The keys of this installation. The first seals; all open.
#[derive(Clone)]
pub struct Crypto {
    keys: Arc<Vec<(String, Aes256Gcm)>>,
    index_key: Arc<[u8; 32]>,
    rng: Rng,
}

impl fmt::Debug for Crypto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Crypto(***)")
    }
}

impl Crypto {
    /// From `(key id, 32 bytes)` pairs, newest first, and the key of blind indexes.
    pub fn new(keys: &[(String, [u8; 32])], index_key: [u8; 32], rng: Rng) -> Self {
        let keys =
            keys.iter().map(|(id, key)| (id.clone(), Aes256Gcm::new(&(*key).into()))).collect();
        Self { keys: Arc::new(keys), index_key: Arc::new(index_key), rng }
    }

    /// Seals `plain` for `column` of row `row`.
    pub fn seal(&self, column: &str, row: Uuid, plain: &str) -> Sealed {
        let (kid, cipher) = &self.keys[0];
        let nonce: [u8; 12] = self.rng.bytes();
        let payload = Payload { msg: plain.as_bytes(), aad: &aad(column, row, kid) };
        let ct = cipher
            .encrypt(&Nonce::from(nonce), payload)
            .expect("AES-GCM seals anything shorter than 64 GiB");
        Sealed(format!("v1|{kid}|{}|{}", B64.encode(nonce), B64.encode(ct)))
    }

    /// Opens what was sealed for the same column and row. What was erased since is empty.
    ///
    /// # Errors
    /// When the key is gone, or the value was altered or belongs to another place.
    pub fn open(&self, column: &str, row: Uuid, sealed: &Sealed) -> Result<String, Error> {
        if sealed.0.is_empty() {
            return Ok(String::new());
        }
        self.try_open(column, row, &sealed.0)
            .ok_or_else(|| Error::impossible("open a sealed field"))
    }

    /// What every value sealed with the newest key begins with.
    pub fn newest(&self) -> String {
        format!("v1|{}|", self.keys[0].0)
    }

    /// `open` for a field that may be empty.
    pub fn open_some(
        &self,
        column: &str,
        row: Uuid,
        sealed: Option<&Sealed>,
    ) -> Result<Option<String>, Error> {
        sealed.map(|sealed| self.open(column, row, sealed)).transpose()
    }

    fn try_open(&self, column: &str, row: Uuid, text: &str) -> Option<String> {
        let mut parts = text.split('|');
        let (v, kid, nonce, ct) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let cipher = self.keys.iter().find(|(id, _)| id == kid).map(|(_, cipher)| cipher)?;
        let nonce: [u8; 12] = B64.decode(nonce).ok()?.try_into().ok()?;
        let ct = B64.decode(ct).ok()?;
        let payload = Payload { msg: &ct, aad: &aad(column, row, kid) };
        let plain = cipher.decrypt(&Nonce::from(nonce), payload).ok()?;
        (v == "v1").then(|| String::from_utf8(plain).ok())?
    }

    /// A keyed fingerprint: equal values can be found without being readable.
    pub fn blind_index(&self, column: &str, value: &str) -> String {
        hmac_b64(self.index_key.as_slice(), &[column, value])
    }
}

fn aad(column: &str, row: Uuid, kid: &str) -> Vec<u8> {
    format!("{column}|{row}|{kid}").into_bytes()
}

/// HMAC-SHA256 over the parts, each closed by a zero byte, as URL-safe text.
pub fn hmac_b64(key: &[u8], parts: &[&str]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part.as_bytes());
        mac.update(&[0]);
    }
    B64.encode(mac.finalize().into_bytes())
}

/// SHA-256 as URL-safe text.
pub fn sha256_b64(bytes: &[u8]) -> String {
    B64.encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(keys: &[(&str, u8)]) -> Crypto {
        let keys: Vec<_> = keys.iter().map(|(id, b)| ((*id).to_owned(), [*b; 32])).collect();
        Crypto::new(&keys, [9; 32], Rng::from_seed(1))
    }

    #[test]
    fn a_sealed_field_opens_only_in_its_own_place() {
        let (crypto, row) = (with(&[("k1", 1)]), Uuid::from_u128(1));
        let sealed = crypto.seal("request.address", row, "文化路 8 号 3 单元");
        assert!(!sealed.0.contains("文化路"));
        assert_eq!(crypto.open("request.address", row, &sealed).unwrap(), "文化路 8 号 3 单元");
        assert!(crypto.open("request.detail", row, &sealed).is_err());
        assert!(crypto.open("request.address", Uuid::from_u128(2), &sealed).is_err());
    }

    #[test]
    fn an_old_key_still_opens_and_a_lost_key_does_not() {
        let row = Uuid::from_u128(1);
        let sealed = with(&[("k1", 1)]).seal("a", row, "x");
        assert_eq!(with(&[("k2", 2), ("k1", 1)]).open("a", row, &sealed).unwrap(), "x");
        assert!(with(&[("k2", 2)]).open("a", row, &sealed).is_err());
    }

    #[test]
    fn what_was_erased_opens_as_nothing() {
        let erased = Sealed(String::new());
        assert_eq!(with(&[("k1", 1)]).open("a", Uuid::nil(), &erased).unwrap(), "");
        let sealed = with(&[("k2", 2), ("k1", 1)]);
        assert!(sealed.seal("a", Uuid::nil(), "x").0.starts_with(&sealed.newest()));
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", with(&[("k1", 1)])), "Crypto(***)");
        assert_eq!(format!("{:?}", Sealed("v1|secret".into())), "***");
    }
}
