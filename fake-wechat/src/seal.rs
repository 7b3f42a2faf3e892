//! How WeChat signs its push and, in safe mode, seals it. Written from WeChat's description alone, the cipher's
//! chaining and padding by hand: what reads it elsewhere shall not be held against itself.

use std::fmt::Write;

use aes::{
    Aes256,
    cipher::{Block, BlockCipherEncrypt, KeyInit},
};
use base64::{
    Engine, alphabet,
    engine::{GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use sha1::{Digest, Sha1};

/// A key of 43 signs holds two bits more than it should; they may be anything.
const OF_KEYS: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);
const BLOCK: usize = 16;
/// Padding goes to twice the cipher's block.
const PAD_TO: usize = 32;

/// SHA-1 over the parts, sorted as bytes and joined.
pub fn signature(parts: &[&str]) -> String {
    let mut sorted = parts.to_vec();
    sorted.sort_unstable();
    let mut hex = String::new();
    for byte in Sha1::digest(sorted.concat()) {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// The `Encrypt` of a message for that app, under an EncodingAESKey of 43 signs. `salt` is 16 bytes that nobody
/// foresees. None where the key is none.
pub fn sealed(aes_key: &str, salt: [u8; 16], message: &str, app_id: &str) -> Option<String> {
    let key = OF_KEYS.decode(format!("{aes_key}=")).ok().filter(|key| key.len() == 32)?;
    let mut bytes = salt.to_vec();
    bytes.extend(u32::try_from(message.len()).ok()?.to_be_bytes());
    bytes.extend(message.as_bytes());
    bytes.extend(app_id.as_bytes());
    let pad = PAD_TO - bytes.len() % PAD_TO;
    bytes.extend(std::iter::repeat_n(u8::try_from(pad).ok()?, pad));

    let cipher = Aes256::new_from_slice(&key).ok()?;
    let mut before = key[..BLOCK].to_vec();
    for block in bytes.chunks_exact_mut(BLOCK) {
        let mut mixed = Block::<Aes256>::default();
        for (at, byte) in mixed.iter_mut().enumerate() {
            *byte = block[at] ^ before[at];
        }
        cipher.encrypt_block(&mut mixed);
        block.copy_from_slice(&mixed);
        before.copy_from_slice(&mixed);
    }
    Some(STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_sorts_bytes_and_not_numbers() {
        let one = signature(&["token", "1409659813", "9"]);
        assert_eq!(one, signature(&["9", "token", "1409659813"]));
        assert_eq!(signature(&["abc"]), "a9993e364706816aba3e25717850c26c9cd0d89d", "SHA-1's own");
    }

    #[test]
    fn a_sealed_message_has_a_whole_number_of_double_blocks() {
        // Its last sign leaves bits over, as those of most keys do.
        let key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
        for length in 0..70 {
            let sealed = sealed(key, [7; 16], &"a".repeat(length), "wx1").unwrap();
            let bytes = STANDARD.decode(sealed).unwrap();
            let filled = 16 + 4 + length + 3;
            // 1 to 32 bytes of padding, never none.
            assert_eq!(bytes.len(), filled / 32 * 32 + 32, "{length}");
        }
        assert_eq!(sealed("short", [7; 16], "", ""), None);
    }
}
