//! The floors: handlers that do nothing but what cannot be left out, in a process of their own like the service.
//!
//! | path | what it does |
//! | --- | --- |
//! | `GET /hello` | answers |
//! | `POST /signed` | verifies an HS256 token |
//! | `POST /script` | that, and one EVALSHA of the gate's length over one connection |
//! | `POST /together/{task}` | that token, and a row and a counter, many in one transaction |
//! | `POST /gated/{task}` | that, after one EVALSHA |
//! | `POST /single/{task}` | that token, and a row and a counter in a transaction of its own |

use std::{
    collections::HashMap,
    sync::atomic::{AtomicI64, Ordering},
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    web::{self, Data, Path},
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use linli::platform::{Db, config::DatabaseSettings, db::Use, redis::Redis};
use redis::Script;
use sea_orm::{ConnectionTrait, Statement, TransactionTrait, Value};
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};

use super::harness::tokens;

/// As long as the service's refusal, and its grant.
const REFUSAL: &str = include_str!("refusal.json");
const GRANT: &str = include_str!("grant.json");
const BATCH: usize = 128;

type Intent = (i64, i64, oneshot::Sender<()>);

struct Floor {
    key: DecodingKey,
    rules: Validation,
    redis: Option<Redis>,
    script: Script,
    db: Db,
    queue: mpsc::Sender<Intent>,
    next: AtomicI64,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
}

impl Floor {
    fn verify(&self, request: &HttpRequest) -> Option<i64> {
        let header = request.headers().get("Authorization")?.to_str().ok()?;
        let token = header.strip_prefix("Bearer ")?;
        decode::<Claims>(token, &self.key, &self.rules).ok()?;
        Some(self.next.fetch_add(1, Ordering::Relaxed))
    }
}

/// Serves at an address until it is killed.
pub async fn serve(address: &str, database: &str, redis: &str) {
    let settings = DatabaseSettings { url: database.to_owned(), max_connections: 16 };
    let db = Db::connect(&settings, Use::Service).await.expect("a database");
    let redis = (!redis.is_empty()).then(|| Redis::new(redis, "floor").expect("Redis"));
    if let Some(redis) = &redis {
        redis.ping().await;
    }
    let (queue, waiting) = mpsc::channel(4096);
    tokio::spawn(together(db.clone(), waiting));
    let mut rules = Validation::new(Algorithm::HS256);
    rules.set_issuer(&["linli"]);
    rules.set_audience(&["linli-api"]);
    let script = Script::new(include_str!("../../src/claim/gate/lua/enter.lua"));
    let key = DecodingKey::from_secret(&tokens::secret());
    let next = AtomicI64::new(0);
    let floor = Data::new(Floor { key, rules, redis, script, db, queue, next });
    let app = move || {
        App::new()
            .app_data(floor.clone())
            .route("/hello", web::get().to(|| async { "你好" }))
            .route("/signed", web::post().to(signed))
            .route("/script", web::post().to(script_call))
            .route("/together/{task}", web::post().to(claim_together))
            .route("/gated/{task}", web::post().to(claim_gated))
            .route("/single/{task}", web::post().to(claim_single))
    };
    let server = HttpServer::new(app).workers(2).bind(address).expect("a free address");
    server.run().await.expect("it serves");
}

fn refused() -> HttpResponse {
    HttpResponse::Conflict().content_type("application/problem+json").body(REFUSAL)
}

fn granted() -> HttpResponse {
    HttpResponse::Created().content_type("application/json").body(GRANT)
}

async fn signed(floor: Data<Floor>, request: HttpRequest) -> HttpResponse {
    floor.verify(&request).map_or_else(|| HttpResponse::Unauthorized().finish(), |_| refused())
}

async fn script_call(floor: Data<Floor>, request: HttpRequest) -> HttpResponse {
    match floor.verify(&request) {
        Some(_) => floor.enter().await,
        None => return HttpResponse::Unauthorized().finish(),
    }
    refused()
}

impl Floor {
    /// One EVALSHA over the one connection.
    async fn enter(&self) {
        let Some(redis) = &self.redis else { return };
        let mut call = self.script.prepare_invoke();
        call.key(redis.key("{t1}:gate")).key(redis.key("{t1}:tickets"));
        call.arg("attempt").arg("person").arg(1).arg(16).arg(5000);
        let _: Option<i64> = redis.script_within(&call, std::time::Duration::from_millis(50)).await;
    }
}

async fn claim_gated(floor: Data<Floor>, task: Path<i64>, request: HttpRequest) -> HttpResponse {
    floor.enter().await;
    claim_together(floor, task, request).await
}

async fn claim_together(floor: Data<Floor>, task: Path<i64>, request: HttpRequest) -> HttpResponse {
    let Some(id) = floor.verify(&request) else { return HttpResponse::Unauthorized().finish() };
    let (done, written) = oneshot::channel();
    floor.queue.send((id, task.into_inner(), done)).await.expect("the writer lives");
    written.await.expect("it was written");
    granted()
}

async fn claim_single(floor: Data<Floor>, task: Path<i64>, request: HttpRequest) -> HttpResponse {
    let Some(id) = floor.verify(&request) else { return HttpResponse::Unauthorized().finish() };
    write(&floor.db, &[(id, task.into_inner())]).await;
    granted()
}

/// Batch after batch, as the service's writer gathers them.
async fn together(db: Db, mut queue: mpsc::Receiver<Intent>) {
    while let Some(first) = queue.recv().await {
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok(next) = queue.try_recv()
        {
            batch.push(next);
        }
        let rows: Vec<_> = batch.iter().map(|(id, task, _)| (*id, *task)).collect();
        write(&db, &rows).await;
        for (_, _, done) in batch {
            done.send(()).expect("the caller waits");
        }
    }
}

/// A row each, and each task's counter by how many, in one transaction.
async fn write(db: &Db, rows: &[(i64, i64)]) {
    let tx = db.write().await.expect("begin");
    let backend = tx.get_database_backend();
    let (mut marks, mut values) = (Vec::new(), Vec::<Value>::new());
    let mut counts: HashMap<i64, i64> = HashMap::new();
    for (id, task) in rows {
        marks.push(format!("(${}, ${})", values.len() + 1, values.len() + 2));
        values.extend([(*id).into(), (*task).into()]);
        *counts.entry(*task).or_default() += 1;
    }
    let sql = format!("INSERT INTO floor_claim (id, task) VALUES {}", marks.join(","));
    tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await.expect("rows");
    for (task, n) in counts {
        let sql = "UPDATE floor_task SET used = used + $1 WHERE id = $2 AND used + $1 <= slots";
        let values = [n.into(), task.into()];
        tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await.expect("a seat");
    }
    tx.commit().await.expect("commit");
}

/// The floors' tables.
pub async fn lay(db: &Db, tasks: i64) {
    let tx = db.read().begin().await.expect("begin");
    for sql in [
        "CREATE TABLE floor_claim (id BIGINT PRIMARY KEY, task BIGINT NOT NULL)",
        "CREATE TABLE floor_task (id BIGINT PRIMARY KEY, used BIGINT NOT NULL, slots BIGINT NOT NULL)",
    ] {
        tx.execute_unprepared(sql).await.expect("a table");
    }
    for id in 0..tasks {
        let sql = format!("INSERT INTO floor_task VALUES ({id}, 0, 1000000000)");
        tx.execute_unprepared(&sql).await.expect("a row");
    }
    tx.commit().await.expect("commit");
}
