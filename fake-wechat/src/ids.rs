//! Ids that look random and are the same in every run: hashes of what they are for.

use std::collections::BTreeMap;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use sha2::{Digest, Sha256};

/// The openid that belongs to `name`: 28 characters, as WeChat's are.
pub(crate) fn openid(name: &str) -> String {
    format!("o{}", text("openid", name, 27))
}

/// The id that a template of that title has: 43 characters, as WeChat's are.
pub(crate) fn template(title: &str) -> String {
    text("template", title, 43)
}

/// What the check of the push's address is to send back.
pub(crate) fn echo(nonce: &str) -> String {
    text("echo", nonce, 19)
}

/// Numbers what it hands out, each kind for itself.
#[derive(Debug, Default)]
pub(crate) struct Ids(BTreeMap<&'static str, u64>);

impl Ids {
    /// The next `len` letters, digits, `-` and `_` of this kind.
    pub(crate) fn draw(&mut self, kind: &'static str, len: usize) -> String {
        let number = self.number(kind);
        text(kind, &number.to_string(), len)
    }

    /// The next session key: 16 bytes in Base64.
    pub(crate) fn session_key(&mut self) -> String {
        let number = self.number("session key");
        STANDARD.encode(&digest("session key", &number.to_string(), 0)[..16])
    }

    /// The next request id, in WeChat's three groups.
    pub(crate) fn rid(&mut self, now_ms: i64) -> String {
        let number = self.number("rid");
        let d = digest("rid", &number.to_string(), 0);
        let group = |at: usize| u32::from_be_bytes([d[at], d[at + 1], d[at + 2], d[at + 3]]);
        format!("{:08x}-{:08x}-{:08x}", now_ms / 1000, group(0), group(4))
    }

    /// The next 16 bytes before a sealed message.
    pub(crate) fn salt(&mut self) -> [u8; 16] {
        let number = self.number("salt");
        let mut salt = [0; 16];
        salt.copy_from_slice(&digest("salt", &number.to_string(), 0)[..16]);
        salt
    }

    /// The next message id: 64 bits, more than a double holds exactly.
    pub(crate) fn message(&mut self) -> u64 {
        1_864_323_726_461_255_680 + self.number("message")
    }

    /// The next number of its kind, from 1.
    pub(crate) fn number(&mut self, kind: &'static str) -> u64 {
        let last = self.0.entry(kind).or_default();
        *last += 1;
        *last
    }
}

fn text(kind: &str, of: &str, len: usize) -> String {
    let mut text = String::new();
    for round in 0.. {
        text.push_str(&URL_SAFE_NO_PAD.encode(digest(kind, of, round)));
        if text.len() >= len {
            break;
        }
    }
    text.truncate(len);
    text
}

fn digest(kind: &str, of: &str, round: u32) -> [u8; 32] {
    Sha256::digest(format!("{kind}/{of}/{round}")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_openid_for_ever() {
        // Written down: data made with the stand-in yesterday must still log in tomorrow.
        assert_eq!(openid("张三"), "oMq-7VbcM_1W4_QMu9XBi-uIfCtA");
        assert_eq!(openid("张三").len(), 28);
        assert_ne!(openid("张三"), openid("李四"));
    }

    #[test]
    fn what_is_drawn_differs_and_repeats_in_the_next_run() {
        let (mut one, mut other) = (Ids::default(), Ids::default());
        let first = one.draw("token", 512);
        assert_eq!(first.len(), 512);
        assert_ne!(first, one.draw("token", 512));
        assert_eq!(first, other.draw("token", 512));
    }
}
