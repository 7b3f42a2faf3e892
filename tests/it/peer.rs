//! The reader of WeChat's push against wechatpy, an implementation that nobody here had a hand in. `scripts/peer`
//! has it seal the messages and then runs this.

use std::{env, fs, path::Path};

use linli::platform::wechat::push::{PushKeys, Told};
use serde::Deserialize;
use serde_json::Value;

/// A push, and what it says; nothing where it has to be refused.
#[derive(Deserialize)]
struct Vector {
    what: String,
    token: String,
    aes_key: String,
    app_id: String,
    timestamp: String,
    nonce: String,
    msg_signature: String,
    body: String,
    message: Option<String>,
    told: Option<Value>,
}

#[test]
#[ignore = "scripts/peer makes what it reads"]
fn what_wechatpy_seals_is_read_and_what_is_forged_is_not() {
    let folder = env::var("LINLI_PEER").expect("scripts/peer says where");
    let text = fs::read_to_string(Path::new(&folder).join("from_wechatpy.json")).unwrap();
    let vectors: Vec<Vector> = serde_json::from_str(&text).unwrap();
    let (mut read, mut refused) = (0, 0);
    for vector in vectors {
        let keys = PushKeys::read(&vector.token, &vector.aes_key, &vector.app_id).unwrap();
        let signed = (&*vector.msg_signature, &*vector.timestamp, &*vector.nonce);
        let opened = Told::unseal(&keys, vector.body.as_bytes(), signed);
        match (vector.told, opened) {
            (Some(wanted), Ok((message, told))) => {
                assert_eq!(message, vector.message.unwrap().as_bytes(), "{}", vector.what);
                assert_eq!(told.0, wanted, "{}", vector.what);
                read += 1;
            }
            (None, Err(_)) => refused += 1,
            (wanted, opened) => panic!("{}: {wanted:?}, {opened:?}", vector.what),
        }
    }
    assert!(read > 500 && refused > 200, "{read} read, {refused} refused");
}
