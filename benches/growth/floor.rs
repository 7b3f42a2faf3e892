//! The floor of what is near: a token verified, the nearest of so many points found square by square, their ready cards
//! put one behind the other.

use std::collections::HashMap;

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    web::{self, Data, Query},
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use linli::kernel::{Rng, place::metres};
use serde::{Deserialize, Serialize};

use super::{harness::tokens, scene::point};

const SIDE: f64 = 0.01;
const NEAREST: usize = 20;
/// As long as one card of the service's list.
const CARD: &str = include_str!("card.json");

struct Floor {
    key: DecodingKey,
    rules: Validation,
    squares: HashMap<(i32, i32), Vec<(f64, f64)>>,
    card: String,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
}

#[derive(Deserialize)]
struct Asked {
    near: String,
}

#[allow(clippy::cast_possible_truncation, reason = "degrees")]
fn square((lat, lng): (f64, f64)) -> (i32, i32) {
    ((lat / SIDE).floor() as i32, (lng / SIDE).floor() as i32)
}

/// Serves at an address, with so many points, until it is killed.
pub async fn serve(address: &str, points: usize) {
    let rng = Rng::from_seed(3);
    let mut squares: HashMap<_, Vec<_>> = HashMap::new();
    for _ in 0..points {
        let at = point(&rng);
        squares.entry(square(at)).or_default().push(at);
    }
    let mut rules = Validation::new(Algorithm::HS256);
    rules.set_issuer(&["linli"]);
    rules.set_audience(&["linli-api"]);
    let key = DecodingKey::from_secret(&tokens::secret());
    let floor = Data::new(Floor { key, rules, squares, card: CARD.trim_end().to_owned() });
    let app = move || {
        App::new()
            .app_data(floor.clone())
            .route("/hello", web::get().to(|| async { "你好" }))
            .route("/near", web::get().to(near))
    };
    let server = HttpServer::new(app).workers(2).bind(address).expect("a free address");
    server.run().await.expect("it serves");
}

async fn near(floor: Data<Floor>, request: HttpRequest, asked: Query<Asked>) -> HttpResponse {
    let header = request.headers().get("Authorization").and_then(|value| value.to_str().ok());
    let token = header.and_then(|value| value.strip_prefix("Bearer "));
    let signed = token.is_some_and(|it| decode::<Claims>(it, &floor.key, &floor.rules).is_ok());
    let at = asked.near.split_once(',').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    let (true, Some(at)) = (signed, at) else { return HttpResponse::BadRequest().finish() };
    let (row, column) = square(at);
    let mut found = Vec::new();
    for ring in 0..100_i32 {
        for down in -ring..=ring {
            let step = if down.abs() == ring { 1 } else { 2 * ring };
            for right in (-ring..=ring).step_by(usize::try_from(step).unwrap_or(1)) {
                let there = floor.squares.get(&(row + down, column + right));
                found.extend(there.into_iter().flatten().map(|other| metres(at, *other)));
            }
        }
        // Whatever lies further out is further away than a whole ring.
        if found.iter().filter(|far| **far < i64::from(ring) * 900).count() >= NEAREST {
            break;
        }
    }
    found.sort_unstable();
    let cards: Vec<_> = found.iter().take(NEAREST).map(|_| floor.card.as_str()).collect();
    let body = format!("{{\"items\":[{}]}}", cards.join(","));
    HttpResponse::Ok().content_type("application/json").body(body)
}
