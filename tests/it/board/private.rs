//! Nothing in Redis names a person or their door.

use redis::AsyncCommands;
use serde_json::json;

use super::{Board, right};
use crate::helpers::{Expect, TestApp, WENHUA, id};

const PHONE: &str = "13987654321";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_value_in_redis_names_anybody() {
    let app = TestApp::spawn().await;
    let (office, wang, li) =
        (app.office().await, app.resident("王阿姨").await, app.member("李建国").await);
    wang.post("/me/phone", json!({"code": format!("dev:{PHONE}")})).await.ok();
    let ask = json!({
        "org_id": app.org_id(WENHUA).await, "category": "助老", "title": "陪同去医院",
        "detail": "母亲患有帕金森", "place": {"name": "桃溪小区", "lat": 27.70123, "lng": 106.93871,
        "address": "桃溪路 8 号 3 单元 502"},
    });
    let request = id(&wang.post("/requests", ask).await.ok());
    let form = json!({"slots": 2, "starts_at": app.saturday(9), "ends_at": app.saturday(11),
        "lead_id": li.id, "notes": "找王阿姨，电话 13987654321", "publish": true});
    let task = id(&office.post(&format!("/requests/{request}/dispatch"), form).await.ok());
    li.taps(&task, "a-key-of-li").await.ok();
    app.settle().await;
    let page = li.get(&format!("/tasks/{task}")).await.ok();
    assert_eq!(
        (&page["contact"]["phone"], &page["contact"]["name"]),
        (&json!(PHONE), &json!("王阿姨"))
    );

    let list = right(&app, &app.member("赵敏").await).await;
    let mut held = vec![list.to_string()];
    if let Some(mut board) = Board::of(&app).await {
        let keys = board.keys().await;
        assert!(keys.len() >= 4, "a pool, a card, a gate and the epoch: {keys:?}");
        for key in keys {
            let kind: String =
                redis::cmd("TYPE").arg(&key).query_async(&mut board.line).await.unwrap();
            let values: Vec<String> = match kind.as_str() {
                "string" => vec![board.line.get(&key).await.unwrap()],
                "zset" => board.line.zrange(&key, 0, -1).await.unwrap(),
                "hash" => board.line.hvals(&key).await.unwrap(),
                other => panic!("{key} is a {other}: look into it here"),
            };
            held.push(format!("{key} = {values:?}"));
        }
    }
    let code = office.get(&format!("/tasks/{task}")).await.ok()["check_in_code"].clone();
    let (openid, code) = (app.wechat.openid("王阿姨"), code.as_str().unwrap());
    let (asks, leads) = (wang.id.to_string(), li.id.to_string());
    for canary in [
        PHONE,
        "王阿姨",
        "李建国",
        "桃溪",
        "单元",
        "帕金森",
        "27.70123",
        "106.93871",
        &openid,
        code,
        &asks,
        &leads,
        &li.token,
        "a-key-of-li",
        &request,
    ] {
        let found = held.iter().find(|value| value.contains(canary));
        assert!(found.is_none(), "{canary} in {found:?}");
    }
}
