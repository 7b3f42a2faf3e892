//! Signatures and the safe mode's cipher: AES-256-CBC, the first half of the key as IV, PKCS#7 padding to 32 bytes,
//! and within it 16 random bytes, the length, the message, the app id.

use std::fmt;

use aes::Aes256;
use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use cbc::cipher::{BlockModeDecrypt, KeyIvInit, block_padding::NoPadding};
use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;

/// 43 signs carry 258 bits; most keys that WeChat gives out do not leave the last two empty.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why a push is not read. Nothing of it is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PushFault {
    #[error("the signature is not WeChat's")]
    Signature,
    #[error("no key opens it")]
    Sealed,
    #[error("it is for another app")]
    OtherApp,
    #[error("it is neither JSON nor XML of the kind WeChat sends")]
    Form,
}

/// The token and the keys of one mini program.
#[derive(Clone)]
pub struct PushKeys {
    token: String,
    keys: Vec<[u8; 32]>,
    app_id: String,
}

impl fmt::Debug for PushKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PushKeys(***)")
    }
}

impl PushKeys {
    /// From what stands under 消息推送 in WeChat's console: the token, and EncodingAESKeys of 43 signs, newest first and
    /// parted by commas. Without a key only what comes in the clear is read.
    ///
    /// # Errors
    /// Which of the keys is none.
    pub fn read(token: &str, aes_keys: &str, app_id: &str) -> Result<Self, String> {
        let texts = aes_keys.split(',').map(str::trim).filter(|text| !text.is_empty());
        let keys = texts.enumerate().map(|(at, text)| {
            let bytes = LENIENT.decode(text).ok().filter(|_| text.len() == 43);
            let key: Option<[u8; 32]> = bytes.and_then(|bytes| bytes.try_into().ok());
            key.ok_or_else(|| format!("key {} is not an EncodingAESKey of 43 signs", at + 1))
        });
        let keys = keys.collect::<Result<Vec<_>, _>>()?;
        Ok(Self { token: token.to_owned(), keys, app_id: app_id.to_owned() })
    }

    /// Whether `given` signs the parts with our token: SHA-1 over all of them, sorted byte by byte.
    ///
    /// # Errors
    /// `Signature`.
    pub fn check(&self, given: &str, parts: &[&str]) -> Result<(), PushFault> {
        let mut all: Vec<&str> = parts.iter().copied().chain([self.token.as_str()]).collect();
        all.sort_unstable();
        let wanted = hex(&Sha1::digest(all.concat().as_bytes()));
        let same = wanted.as_bytes().ct_eq(given.as_bytes());
        if bool::from(same) { Ok(()) } else { Err(PushFault::Signature) }
    }

    /// Opens the `Encrypt` of a body; each key is tried.
    ///
    /// # Errors
    /// `Sealed`, or `OtherApp` where it opens and names another app.
    pub fn open(&self, encrypt: &str) -> Result<Vec<u8>, PushFault> {
        let sealed = LENIENT.decode(encrypt.trim()).map_err(|_| PushFault::Sealed)?;
        let frame = self.keys.iter().find_map(|key| unframed(key, &sealed));
        let (message, app_id) = frame.ok_or(PushFault::Sealed)?;
        if app_id == self.app_id.as_bytes() { Ok(message) } else { Err(PushFault::OtherApp) }
    }
}

/// The message and the app id behind it; None when the key is not the one.
fn unframed(key: &[u8; 32], sealed: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let cipher = cbc::Decryptor::<Aes256>::new_from_slices(key, &key[..16]).ok()?;
    // The padding goes to 32 bytes, more than the cipher's own block: it is stripped by hand.
    let plain = cipher.decrypt_padded_vec::<NoPadding>(sealed).ok()?;
    let pad = *plain.last()?;
    let end = plain.len().checked_sub(usize::from(pad))?;
    let padded = (1..=32).contains(&pad) && plain[end..].iter().all(|byte| *byte == pad);
    let length = u32::from_be_bytes(plain.get(16..20)?.try_into().ok()?);
    let stop = usize::try_from(length).ok()?.checked_add(20)?;
    let (message, app_id) = (plain.get(20..stop)?, plain.get(stop..end)?);
    padded.then(|| (message.to_vec(), app_id.to_vec()))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use cbc::cipher::BlockModeEncrypt;
    use proptest::prelude::*;

    use super::*;

    /// Its last sign has bits to spare, as most have.
    const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    const OLD: &str = "0123456789ABCDEFGabcdefghijklmnopqrstuvwxyz";

    fn keys(aes_keys: &str) -> PushKeys {
        PushKeys::read("token", aes_keys, "wx1").unwrap()
    }

    fn seal(key: &[u8; 32], message: &[u8], app_id: &str) -> Vec<u8> {
        let mut plain = vec![7; 16];
        plain.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
        plain.extend(message);
        plain.extend(app_id.as_bytes());
        let pad = 32 - plain.len() % 32;
        plain.extend(vec![u8::try_from(pad).unwrap(); pad]);
        let cipher = cbc::Encryptor::<Aes256>::new_from_slices(key, &key[..16]).unwrap();
        cipher.encrypt_padded_vec::<NoPadding>(&plain)
    }

    fn sealed(with: &PushKeys, message: &[u8], app_id: &str) -> String {
        LENIENT.encode(seal(&with.keys[0], message, app_id))
    }

    #[test]
    fn what_is_sealed_opens_with_every_padding_there_is() {
        let keys = keys(KEY);
        for length in 0..=64 {
            let message = vec![b'x'; length];
            assert_eq!(keys.open(&sealed(&keys, &message, "wx1")), Ok(message));
        }
    }

    #[test]
    fn while_a_key_is_changed_the_old_one_still_opens() {
        let old = sealed(&keys(OLD), "通知".as_bytes(), "wx1");
        assert_eq!(keys(&format!("{KEY}, {OLD}")).open(&old).unwrap(), "通知".as_bytes());
        assert_eq!(keys(KEY).open(&old), Err(PushFault::Sealed));
    }

    #[test]
    fn another_apps_message_is_not_ours() {
        let keys = keys(KEY);
        assert_eq!(keys.open(&sealed(&keys, b"{}", "wx2")), Err(PushFault::OtherApp));
        assert_eq!(keys.open(&sealed(&keys, b"{}", "")), Err(PushFault::OtherApp));
    }

    #[test]
    fn the_signature_covers_what_it_should_whatever_the_order() {
        let keys = keys(KEY);
        // From the example of WeChat's page: sha1 over the sorted parts.
        let wanted = hex(&Sha1::digest("123nonceABCtoken".as_bytes()));
        let parts = ["123", "nonceABC"];
        assert_eq!(keys.check(&wanted, &parts), Ok(()));
        assert_eq!(keys.check(&wanted, &["nonceABC", "123"]), Ok(()));
        assert_eq!(keys.check(&wanted, &["124", "nonceABC"]), Err(PushFault::Signature));
        assert_eq!(keys.check(&wanted.to_uppercase(), &parts), Err(PushFault::Signature));
        assert_eq!(keys.check("", &parts), Err(PushFault::Signature));
    }

    #[test]
    fn a_key_that_is_none_is_named_and_without_keys_nothing_opens() {
        let fault = PushKeys::read("t", &format!("{KEY},short"), "wx1").unwrap_err();
        assert!(fault.contains("key 2"), "{fault}");
        assert_eq!(keys("").open(&sealed(&keys(KEY), b"{}", "wx1")), Err(PushFault::Sealed));
    }

    proptest! {
        /// Cut, flipped or made up: it is refused, and never panics.
        #[test]
        fn nothing_but_the_message_itself_opens(
            message in proptest::collection::vec(any::<u8>(), 0..200),
            at in any::<prop::sample::Index>(), bit in 0u8..8, cut in any::<prop::sample::Index>(),
        ) {
            let keys = keys(KEY);
            let whole = seal(&keys.keys[0], &message, "wx1");
            let mut flipped = whole.clone();
            flipped[at.index(whole.len())] ^= 1 << bit;
            // CBC by itself can be altered: the signature is what protects it. But the frame never lies about length.
            if let Ok(opened) = keys.open(&LENIENT.encode(&flipped)) {
                prop_assert!(opened.len() < whole.len());
            }
            let short = &whole[..cut.index(whole.len())];
            prop_assert_ne!(keys.open(&LENIENT.encode(short)), Ok(message));
        }

        #[test]
        fn noise_is_refused(noise in "\\PC*") {
            prop_assert!(keys(KEY).open(&noise).is_err());
        }
    }
}
