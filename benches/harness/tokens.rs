//! Access tokens as the service signs them in tests, for people who were put into the database directly.

use base64::{Engine, prelude::BASE64_STANDARD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use linli::kernel::clock::{SystemClock, Tells};
use serde_json::json;
use uuid::Uuid;

/// Of `config/test.toml`.
const KEY: &str = "D7lN4p34ESBb+z7wGYZg8j6FnOCZU6yh3fn5agLf8K8=";

pub fn secret() -> Vec<u8> {
    BASE64_STANDARD.decode(KEY).expect("a key")
}

/// For a person in a session, good for a quarter of an hour.
pub fn sign(person: Uuid, session: Uuid) -> String {
    let iat = SystemClock.now().ms() / 1000;
    let claims = json!({"sub": person, "sid": session, "iss": "linli", "aud": "linli-api",
        "iat": iat, "exp": iat + 15 * 60});
    let (typ, kid) = (Some("at+jwt".to_owned()), Some("example-1".to_owned()));
    let header = Header { typ, kid, ..Header::new(Algorithm::HS256) };
    encode(&header, &claims, &EncodingKey::from_secret(&secret())).expect("a token")
}
