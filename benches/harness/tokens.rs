//! Access tokens as the service signs them in tests, for people who were put into the database directly.

use std::time::Duration;

use ::entity::{person, session};
use base64::{Engine, prelude::BASE64_STANDARD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use linli::{
    kernel::{
        Rng,
        clock::{SystemClock, Tells},
    },
    platform::Db,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
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

/// A session for so many of the crowd; their tokens.
///
/// # Panics
/// When the database refuses them.
pub async fn sign_in(db: &Db, rng: &Rng, most: u64) -> Vec<String> {
    let now = SystemClock.now();
    let people: Vec<Uuid> = person::Entity::find()
        .select_only()
        .column(person::Column::Id)
        .filter(person::Column::Name.eq("居民"))
        .order_by_asc(person::Column::Id)
        .limit(most)
        .into_tuple()
        .all(db.read())
        .await
        .expect("people");
    let mut tokens = Vec::new();
    for some in people.chunks(500) {
        let mut rows = Vec::new();
        for person in some {
            let session = rng.id(now);
            tokens.push(sign(*person, session));
            rows.push(session::ActiveModel {
                id: Set(session),
                person_id: Set(*person),
                generation: Set(0),
                token_hash: Set(session.to_string()),
                previous_hash: Set(None),
                life_ms: Set(86_400_000),
                expires_at: Set(now.plus(Duration::from_secs(86_400))),
                revoked_at: Set(None),
                created_at: Set(now),
            });
        }
        session::Entity::insert_many(rows)
            .exec_without_returning(db.read())
            .await
            .expect("sessions");
    }
    tokens
}
