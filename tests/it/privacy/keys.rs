//! 换密钥: a new key takes over, and the old one may go.

use linli::privacy::{
    SEALED,
    rotate::{Rotated, rotate},
};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Alias, Expr, ExprTrait, Query},
};
use uuid::Uuid;

use super::{Liu, everything, opened};
use crate::{
    helpers::{Expect, Stack, TestApp, dump},
    migrations::fill,
};

const OLD: &str = "example-1:T4EjvlSrmYH2BIlgurZVOXRV0APTAJ6j4izyPdVhG6k=";
const NEW: &str = "k_2:gSJ1XGgZKoOq3EqbKmtgtGCedFmq0flz0gEMfb1J870=";

async fn with(keys: &[&str], url: &str) -> TestApp {
    let keys = [("crypto.keys", keys.join(","))];
    TestApp::over(Stack::from_env(), url.to_owned(), &keys).await
}

const PLANTED: &str = "种下的话";
/// No row of the world's has this id.
const ROW: usize = 9_000;

/// A row in every table, and something sealed in every column of the list.
async fn plant(app: &TestApp) {
    let db = app.state.db.read();
    for table in dump::tables(db).await {
        fill::one_row(db, &table, ROW).await;
    }
    let row = Uuid::from_u128(ROW as u128);
    for (table, column, id) in SEALED {
        let sealed = app.state.crypto.seal(&format!("{table}.{column}"), row, PLANTED);
        let mut set = Query::update();
        set.table(Alias::new(*table)).value(Alias::new(*column), sealed.0);
        set.and_where(Expr::col(Alias::new(*id)).eq(row));
        let done = db.execute(&set).await.unwrap();
        assert_eq!(done.rows_affected(), 1, "{table}.{column} for {id}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_moves_to_the_new_key_and_opens_without_the_old_one() {
    let url = Stack::from_env().database().await;
    let liu = Liu::lives(with(&[OLD], &url).await).await;
    liu.is_content().await;
    liu.is_busy().await;
    liu.app.settle().await;
    let (request, night) = (liu.request.clone(), liu.app.state.clock.now());
    plant(&liu.app).await;
    let before = opened(&liu.app.state).await;
    for (table, column, _) in SEALED {
        let label = format!("{table}.{column}: ");
        assert!(before.contains(&format!("{label}{PLANTED}")), "nothing was planted in {label}");
    }
    drop(liu);

    let both = with(&[NEW, OLD], &url).await;
    let done = rotate(&both.state, |_, _| ()).await.unwrap();
    assert_eq!(done, Rotated { moved: before.len(), lost: 0 }, "every sealed value, once");
    let again = rotate(&both.state, |_, _| ()).await.unwrap();
    assert_eq!(again, Rotated::default(), "the second run finds nothing to do");
    let held = dump::everything(both.state.db.read()).await;
    assert!(held.contains("v1|k_2|") && !held.contains("v1|example-1|"), "an old key is in use");
    drop(both);

    let alone = with(&[NEW], &url).await;
    alone.clock.set(night);
    assert_eq!(opened(&alone.state).await, before);
    let her = alone.sign_in(super::NAME).await;
    assert_eq!(her.get("/me").await.ok()["phone"], "139****4321");
    let shown = her.get(&format!("/requests/{request}")).await.ok();
    assert_eq!(shown["detail"], "母亲患有帕金森，住三楼");
    let agrees = serde_json::json!({"purpose": "photo", "version": "2026-11"});
    let replayed = her.post_keyed("/me/consents", "liu-agrees-1", &agrees).await;
    assert!(replayed.is_replay(), "kept answers open too: {replayed:?}");
    assert!(everything(&alone).await.contains("帕金森"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_key_opens_is_counted_and_left_alone() {
    let url = Stack::from_env().database().await;
    let liu = Liu::lives(with(&[OLD], &url).await).await;
    liu.app.settle().await;
    let before = dump::everything(liu.app.state.db.read()).await;
    drop(liu);
    let without = with(&[NEW], &url).await;
    let done = rotate(&without.state, |_, _| ()).await.unwrap();
    assert!(done.moved == 0 && done.lost > 10, "{done:?}");
    let after = dump::everything(without.state.db.read()).await;
    assert!(after == before, "what does not open was touched");
}
