//! A story of people with names, numbers, homes and words of their own, played on the real binary: nothing of them in
//! its log, in Redis, in refusals, or in what others may take home.

use fake_wechat::Fault;
use linli::{
    kernel::clock::{SystemClock, Tells},
    stage::Reply,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::{site_with, tomorrow};
use crate::{
    helpers::{
        Expect, Stack, eventually, fresh_key, id,
        process::{self, Linli},
        servers, stack,
    },
    notify::CANCEL,
};

const SEND: &str = "/cgi-bin/message/subscribe/send";

const PHONE: &str = "13971717171";
const HELPED: &str = "13972727272";

/// What only 丹顶鹤 has told, in every place where a resident may write.
const CANARIES: [&str; 10] = [
    "丹顶鹤",
    PHONE,
    HELPED,
    "鹤鸣里",
    "27.71717",
    "鹤的病情",
    "白头翁",
    "翁同意",
    "鹤的草稿",
    "鹤的投诉",
];

struct Site {
    linli: Linli,
    /// Every answer that was a refusal, as it was sent.
    refusals: Vec<String>,
}

impl Site {
    async fn send(&mut self, method: Method, path: &str, token: &str, body: Value) -> Reply {
        let mut request = self.linli.request(method, path, token);
        request = request.header("Idempotency-Key", fresh_key());
        if !body.is_null() {
            request = request.json(&body);
        }
        let reply = Reply::read(request.send().await.unwrap()).await.unwrap();
        if reply.status >= 400 {
            self.refusals.push(reply.text.clone());
        }
        reply
    }

    async fn post(&mut self, path: &str, token: &str, body: Value) -> Reply {
        self.send(Method::POST, path, token, body).await
    }

    async fn put(&mut self, path: &str, token: &str, body: Value) -> Reply {
        self.send(Method::PUT, path, token, body).await
    }
}

/// All of the site's Redis, keys and values as they lie there.
async fn redis_dump() -> String {
    if !Stack::from_env().redis {
        return String::new();
    }
    let client = redis::Client::open(servers::redis()).unwrap();
    let mut line = client.get_multiplexed_async_connection().await.unwrap();
    let keys: Vec<String> = redis::cmd("KEYS").arg("site*").query_async(&mut line).await.unwrap();
    let mut held = String::new();
    for key in keys {
        let dumped: Vec<u8> = redis::cmd("DUMP").arg(&key).query_async(&mut line).await.unwrap();
        held.push_str(&format!("{key} {}\n", String::from_utf8_lossy(&dumped)));
    }
    held
}

/// A message to 李建国's phone that WeChat refuses and then takes. Answers all it says, and whose it is.
async fn message(
    s: &mut Site,
    site: &process::Site,
    org: &str,
    li: &str,
    office: &str,
) -> Vec<String> {
    let (openid, templates) = (site.wechat.openid("李建国"), stack::settings(&[]).wechat.templates);
    assert!(site.wechat.accept("李建国", CANCEL));
    let report = json!({"results": {templates["task_cancel"].id.clone(): "accept"}});
    assert_eq!(s.post("/subscriptions/report", li, report).await.status, 204);
    // So soon that it rings at night too.
    let hours = |n: u64| SystemClock.now().plus(std::time::Duration::from_secs(n * 3600));
    let mut form = tomorrow(org, 1);
    form["title"] = json!("白鹳巡查");
    (form["starts_at"], form["ends_at"]) = (json!(hours(8)), json!(hours(9)));
    let task = id(&s.post("/tasks", office, form).await.ok());
    s.post(&format!("/tasks/{task}/claims"), li, Value::Null).await.ok();
    site.wechat.fault(SEND, 1, Fault::Errcode(47003));
    s.post(&format!("/tasks/{task}/cancel"), office, json!({"reason": "白鹳飞走了"})).await.ok();
    let mut dead = Value::Null;
    let list = format!("/orgs/{org}/pushes?state=dead");
    eventually("WeChat refuses it", async || {
        dead = s.send(Method::GET, &list, office, Value::Null).await.ok()["items"][0].clone();
        dead.is_object()
    })
    .await;
    s.post(&format!("/pushes/{}/retry", id(&dead)), office, json!({})).await.ok();
    eventually("it arrives", async || !site.wechat.messages_of("李建国").is_empty()).await;
    let message = site.wechat.messages_of("李建国").remove(0);
    let mut told = vec![openid, "白鹳".to_owned()];
    told.extend(message.lines.into_iter().map(|(_, line)| line));
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_a_person_is_in_logs_redis_refusals_or_what_others_take_home() {
    let (site, org) = site_with(&["李建国".to_owned()]).await;
    let mut site_here = Site { linli: site.serve(&[]).await, refusals: Vec::new() };
    let s = &mut site_here;
    let openid = site.wechat.openid("丹顶鹤");
    let her = s.linli.sign_in("丹顶鹤").await;
    s.put("/me", &her, json!({"name": "丹顶鹤"})).await.ok();
    let code = site.wechat.phone_code("86", PHONE);
    s.post("/me/phone", &her, json!({"code": code})).await.ok();
    let ask = json!({"org_id": org, "category": "助老", "title": "陪同复查", "detail": "鹤的病情",
        "place": {"name": "文化小区", "address": "鹤鸣里 7 号", "lat": 27.71717, "lng": 106.93871},
        "on_behalf_of": {"name": "白头翁", "phone": HELPED, "consent": "翁同意了"}});
    let request = id(&s.post("/requests", &her, ask.clone()).await.ok());
    let draft = json!({"org_id": org, "detail": "鹤的草稿"});
    s.put("/me/request-draft", &her, draft).await.ok();
    let complaint = json!({"org_id": org, "about": "burden", "words": "鹤的投诉"});
    s.post("/complaints", &her, complaint).await.ok();

    let office = s.linli.staff("wenhua").await;
    let mut form = tomorrow(&org, 1);
    for field in ["org_id", "title"] {
        form.as_object_mut().unwrap().remove(field);
    }
    let task = id(&s.post(&format!("/requests/{request}/dispatch"), &office, form).await.ok());
    let li = s.linli.sign_in("李建国").await;
    s.post(&format!("/tasks/{task}/claims"), &li, Value::Null).await.ok();
    s.send(Method::GET, &format!("/tasks/{task}"), &li, Value::Null).await.ok();

    let told = message(s, &site, &org, &li, &office).await;
    // Refused, each with something of hers in the body.
    let mut wrong = ask.clone();
    wrong["extra"] = json!(PHONE);
    s.post("/requests", &her, wrong).await.refused(422, "validation");
    let mut wrong = ask;
    wrong["place"]["lat"] = json!("27.71717");
    s.post("/requests", &her, wrong).await.refused(422, "validation");
    s.put("/me", &her, json!({"name": format!("丹顶鹤{PHONE}").repeat(9)}))
        .await
        .refused(422, "validation");
    s.post("/me/phone", &her, json!({"code": format!("bad {PHONE}")})).await;
    s.post("/complaints", &li, json!({"org_id": org, "words": "鹤的投诉"})).await;
    s.post(&format!("/requests/{request}/answer"), &her, json!({"words": "鹤的病情"})).await;
    s.send(Method::GET, &format!("/requests/{request}"), "", Value::Null).await;
    // Words of hers where a path, a name or a parameter should stand.
    for path in [format!("/{PHONE}/鹤鸣里"), format!("/requests/{PHONE}"), "/鹤的病情".to_owned()]
    {
        s.send(Method::GET, &path, &li, Value::Null).await.refused(404, "not_found");
    }
    for name in ["鹤的病情".to_owned(), PHONE.to_owned(), format!("phone_{PHONE}")] {
        let mut wrong = json!({"org_id": org, "words": "有话要说", "about": "burden"});
        wrong[&name] = json!(1);
        s.post("/complaints", &her, wrong).await.refused_field("body", "unknown");
        let path = format!("/me/claims?{name}=1");
        s.send(Method::GET, &path, &li, Value::Null).await.refused_field("query", "unknown");
    }
    assert!(s.refusals.len() >= 16, "{:?}", s.refusals);

    let own = s.send(Method::GET, "/me/export", &her, Value::Null).await;
    assert!(own.text.contains("鹤的病情") && own.text.contains(PHONE), "hers holds all of it");
    let export = s.send(Method::GET, "/me/export", &li, Value::Null).await;
    assert_eq!(export.status, 200, "{export:?}");
    let log = s.linli.log();
    for word in &told {
        let line = log.lines().find(|line| line.contains(word.as_str()));
        assert!(line.is_none(), "{word} of a message in the log: {line:?}");
    }
    let places = [
        ("the log", s.linli.log()),
        ("Redis", redis_dump().await),
        ("refusals", s.refusals.join("\n")),
        ("another's export", export.text),
    ];
    for (place, held) in places {
        for canary in CANARIES.into_iter().chain([openid.as_str()]) {
            let line = held.lines().find(|line| line.contains(canary));
            assert!(line.is_none(), "{canary} in {place}: {line:?}");
        }
    }
}
