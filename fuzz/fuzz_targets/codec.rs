//! Whatever is sealed, signed or made up, opening it never panics and never yields more than was sealed.
#![no_main]
#![allow(dead_code, unused_imports)]

#[path = "../../src/platform/wechat/push/mod.rs"]
mod push;

use aes::Aes256;
use base64::{Engine, engine::general_purpose::STANDARD};
use cbc::cipher::{BlockModeEncrypt, KeyIvInit, block_padding::NoPadding};
use libfuzzer_sys::fuzz_target;
use push::{PushFault, PushKeys, Told};

/// 43 signs of a key that is 32 zero bytes.
const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fuzz_target!(|bytes: &[u8]| {
    let keys = PushKeys::read("token", KEY, "wx1").expect("a key");
    // As it came: rubbish.
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = keys.open(text);
        let _ = keys.check(text, &["1", "2"]);
    }
    assert_eq!(
        Told::unseal(&keys, bytes, ("", "1", "2")).err().filter(|why| *why != PushFault::Form),
        Told::unseal(&keys, bytes, ("", "1", "2")).err().filter(|why| *why == PushFault::Signature),
        "without a signature nothing is opened"
    );
    // As the plain text within: any frame at all, under the right key.
    let whole = bytes.len() - bytes.len() % 16;
    let cipher = cbc::Encryptor::<Aes256>::new_from_slices(&[0; 32], &[0; 16]).expect("a key");
    let sealed = STANDARD.encode(cipher.encrypt_padded_vec::<NoPadding>(&bytes[..whole]));
    if let Ok(message) = keys.open(&sealed) {
        assert!(message.len() + 20 <= whole);
    }
});
