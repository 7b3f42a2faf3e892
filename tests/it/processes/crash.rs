//! kill -9: what was acknowledged is there afterwards.

use std::sync::atomic::{AtomicUsize, Ordering};

use ::entity::{claim, task};
use futures_util::future::join_all;
use linli::stage::Reply;
use reqwest::Method;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::{site_with, tomorrow};
use crate::helpers::{Expect, eventually, fresh_key, id, process::Linli, stack};

/// One tap; None: the line broke before the answer was whole.
async fn claims(linli: &Linli, task: &str, token: &str, key: &str) -> Option<Reply> {
    let tap = linli.request(Method::POST, &format!("/tasks/{task}/claims"), token);
    Reply::read(tap.header("Idempotency-Key", key).send().await.ok()?).await.ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_acknowledged_claim_outlives_the_process() {
    let names: Vec<_> = (1..=60).map(|i| format!("党员{i:03}")).collect();
    let (site, org) = site_with(&names).await;
    let mut first = site.serve(&[]).await;
    let office = first.staff("wenhua").await;
    let task = id(&first.post("/tasks", &office, tomorrow(&org, names.len())).await.ok());
    let tokens = join_all(names.iter().map(|name| first.sign_in(name))).await;
    let taps: Vec<_> = tokens.into_iter().map(|token| (token, fresh_key())).collect();

    let acknowledged = AtomicUsize::new(0);
    let all = join_all(taps.iter().map(async |(token, key)| {
        let reply = claims(&first, &task, token, key).await;
        if reply.as_ref().is_some_and(|reply| reply.status == 201) {
            acknowledged.fetch_add(1, Ordering::SeqCst);
        }
        reply
    }));
    let kill = async {
        eventually("some have their seat", async || acknowledged.load(Ordering::SeqCst) >= 15)
            .await;
        first.signal("KILL");
    };
    let (replies, ()) = tokio::join!(all, kill);
    assert!(!first.ended().await.success());
    let cut_off = replies.iter().filter(|reply| reply.is_none()).count();

    let second = site.serve(&[]).await;
    for ((token, key), reply) in taps.iter().zip(&replies) {
        let again = claims(&second, &task, token, key).await.unwrap();
        if let Some(reply) = reply.as_ref().filter(|reply| reply.status == 201) {
            assert!(again.is_replay(), "it was acknowledged: {again:?}");
            assert_eq!(id(&again.body), id(&reply.body));
        } else {
            again.ok();
        }
    }
    let db = stack::open(&site.database).await;
    let row = task::Entity::find_by_id(task.parse::<uuid::Uuid>().unwrap());
    let row = row.one(db.read()).await.unwrap().unwrap();
    let held = claim::Entity::find().filter(claim::Column::TaskId.eq(row.id));
    let held = held.count(db.read()).await.unwrap();
    assert_eq!((row.used as usize, held as usize), (names.len(), names.len()), "{cut_off} cut off");
    db.close().await;
}
