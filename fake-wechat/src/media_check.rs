//! `POST /wxa/media_check_async`: takes the address of a picture, really fetches it, and tells the verdict later,
//! by push. A picture passes unless a test said otherwise before.

use std::collections::HashMap;

use actix_web::{
    HttpResponse,
    rt::spawn,
    web::{Bytes, Data, Query},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    answer::{Refused, read},
    controls::Controls,
    events::{Event, PLATFORM},
    outside,
    text_check::{Suggest, fresh},
};

const LARGEST: usize = 10 * 1024 * 1024;
/// It could not be fetched.
const NOT_FETCHED: i64 = -1008;

/// What is said of a picture, and when.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MediaVerdict {
    pub suggest: Suggest,
    /// 100 normal, 20001 politics, 20002 pornography, 20006 crime, 21000 other.
    pub label: i64,
    /// By the stand-in's clock; two verdicts with different delays come out of order.
    #[serde(default)]
    pub after_seconds: u32,
    /// How often it is told; the second time is a duplicate.
    #[serde(default = "once")]
    pub copies: u32,
}

fn once() -> u32 {
    1
}

impl Default for MediaVerdict {
    fn default() -> Self {
        Self { suggest: Suggest::Pass, label: 100, after_seconds: 0, copies: 1 }
    }
}

#[derive(Deserialize)]
struct Ask {
    #[serde(default)]
    version: i64,
    #[serde(default)]
    openid: String,
    #[serde(default)]
    scene: i64,
    #[serde(default)]
    media_url: String,
    #[serde(default)]
    media_type: i64,
}

pub(crate) async fn media_check_async(
    controls: Data<Controls>,
    query: Query<HashMap<String, String>>,
    body: Bytes,
) -> HttpResponse {
    let mut to_fetch = None;
    let answer = controls.answer_holder(&query, |world, now_ms| {
        let ask: Ask = read(&body)?;
        match () {
            () if ask.version != 2 || ask.media_url.is_empty() => return Err(Refused(40097).into()),
            () if !(1..=2).contains(&ask.media_type) => return Err(Refused(40097).into()),
            () if !(1..=4).contains(&ask.scene) => return Err(Refused(40129).into()),
            () => fresh(world, &ask.openid, now_ms)?,
        }
        let trace_id = world.ids.rid(now_ms);
        let verdict = world.media_verdicts.pop_front().unwrap_or_default();
        to_fetch = Some((ask.media_url, trace_id.clone(), verdict));
        Ok(json!({ "errcode": 0, "errmsg": "ok", "trace_id": trace_id }))
    });
    if let Some((url, trace_id, verdict)) = to_fetch {
        let controls = controls.get_ref().clone();
        spawn(async move {
            let fetched = outside::fetch(&url, LARGEST).await;
            controls.tell_of_media(&trace_id, fetched.is_ok(), verdict);
        });
    }
    answer
}

impl Controls {
    fn tell_of_media(&self, trace_id: &str, fetched: bool, verdict: MediaVerdict) {
        self.with(|world, now_ms| {
            let due_ms = now_ms + i64::from(verdict.after_seconds) * 1000;
            for _ in 0..verdict.copies {
                let told = told(&world.app.id, trace_id, fetched, verdict);
                world.pushes.tell(due_ms, Event::of(PLATFORM, "wxa_media_check", told));
            }
        });
    }
}

fn told(app_id: &str, trace_id: &str, fetched: bool, verdict: MediaVerdict) -> Value {
    let MediaVerdict { suggest, label, .. } = verdict;
    let mut told = json!({
        "appid": app_id, "trace_id": trace_id, "version": 2,
        "detail": [], "errcode": NOT_FETCHED, "errmsg": "download media failed",
    });
    if fetched {
        told["errcode"] = 0.into();
        told["errmsg"] = "ok".into();
        told["detail"] = json!([{ "strategy": "content_model", "errcode": 0,
            "suggest": suggest.name(), "label": label, "prob": 90 }]);
        told["result"] = json!({ "suggest": suggest.name(), "label": label });
    }
    told
}

#[cfg(test)]
mod tests {
    use std::{net::TcpListener, time::Duration};

    use actix_web::{App, HttpServer, rt, web};

    use crate::testing::{call, controls, logged_in, until};

    use super::*;

    const CHECK: &str = "/wxa/media_check_async";

    #[actix_web::test]
    async fn verdicts_come_late_twice_and_out_of_order() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let picture = || App::new().route("/a", web::get().to(async || "picture"));
        let server = HttpServer::new(picture).workers(1).listen(listener).unwrap().run();
        let handle = server.handle();
        rt::spawn(server);

        let controls = controls();
        let openid = logged_in(&controls, "张三").await;
        let late =
            MediaVerdict { after_seconds: 60, suggest: Suggest::Risky, label: 20002, copies: 1 };
        controls.media_verdicts([late, MediaVerdict { copies: 2, ..MediaVerdict::default() }]);
        let ask = |path: &str| {
            json!({ "version": 2, "openid": openid, "scene": 3, "media_type": 2,
                    "media_url": format!("{base}/{path}") })
        };
        let first = call(&controls, CHECK, ask("a")).await["trace_id"].clone();
        let second = call(&controls, CHECK, ask("a")).await["trace_id"].clone();
        until("two are told", || controls.told().len() == 2).await;
        let seen = controls.told();
        assert_eq!((&seen[0]["trace_id"], &seen[1]["trace_id"]), (&second, &second));
        assert_eq!(seen[0]["result"], json!({ "suggest": "pass", "label": 100 }));
        until("the third is to be told", || controls.pushes().len() == 3).await;
        controls.advance(Duration::from_secs(60));
        let risky = controls.told().into_iter().find(|told| told["trace_id"] == first).unwrap();
        assert_eq!(risky["result"]["suggest"], "risky");

        call(&controls, CHECK, ask("missing")).await;
        until("the fourth is told", || controls.told().len() == 4).await;
        let seen = controls.told();
        assert_eq!((&seen[3]["errcode"], &seen[3]["result"]), (&json!(-1008), &Value::Null));
        handle.stop(false).await;
    }

    #[actix_web::test]
    async fn a_call_of_the_wrong_form_is_refused() {
        let controls = controls();
        let openid = logged_in(&controls, "张三").await;
        let right = json!({ "version": 2, "openid": openid, "scene": 3, "media_type": 2,
                            "media_url": "http://127.0.0.1:1/a" });
        for (key, value, code) in [
            ("version", json!(1), 40097),
            ("media_type", json!(3), 40097),
            ("media_url", json!(""), 40097),
            ("scene", json!(0), 40129),
            ("openid", json!("oNobody"), 40003),
        ] {
            let mut wrong = right.clone();
            wrong[key] = value;
            assert_eq!(call(&controls, CHECK, wrong).await["errcode"], code, "{key}");
        }
        controls.advance(Duration::from_secs(7201));
        assert_eq!(call(&controls, CHECK, right).await["errcode"], 61010);
    }
}
