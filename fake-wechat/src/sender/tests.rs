//! Pushes as a server sees them: a server of a few lines that keeps what it gets and answers as it is told.

use std::{net::TcpListener, sync::Mutex};

use actix_web::{
    App, HttpResponse, HttpServer,
    dev::ServerHandle,
    rt,
    web::{Bytes, Data, Query, route},
};
use serde_json::{Value, json};

use crate::{
    Wording,
    testing::{controls, until},
};

use super::*;

const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

/// What came, and how it is answered: each answer once, then `success`.
#[derive(Default)]
struct Server {
    got: Mutex<Vec<(Value, Bytes)>>,
    answers: Mutex<Vec<(u16, &'static str)>>,
}

async fn take(
    server: Data<Server>,
    query: Query<std::collections::BTreeMap<String, String>>,
    body: Bytes,
) -> HttpResponse {
    if let Some(echo) = query.get("echostr") {
        return HttpResponse::Ok().body(echo.clone());
    }
    server.got.lock().unwrap().push((json!(query.into_inner()), body));
    let next = server.answers.lock().unwrap().pop();
    let (status, said) = next.unwrap_or((200, "success"));
    HttpResponse::build(status.try_into().unwrap()).body(said)
}

/// A stand-in that tells a server of ours.
async fn both(
    aes_key: Option<&str>,
    wording: Wording,
) -> (Controls, Data<Server>, [ServerHandle; 2]) {
    let server = Data::new(Server::default());
    let held = server.clone();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/push", listener.local_addr().unwrap());
    let app = move || App::new().app_data(held.clone()).route("/push", route().to(take));
    let receiver = HttpServer::new(app).workers(1).listen(listener).unwrap().run();
    let controls = controls();
    let (token, aes_key) = ("t0ken".to_owned(), aes_key.map(str::to_owned));
    controls.push_to(Some(PushTarget { url, token, aes_key, wording }));
    let stand_in = crate::serve(TcpListener::bind("127.0.0.1:0").unwrap(), controls.clone());
    let stand_in = stand_in.unwrap();
    let handles = [receiver.handle(), stand_in.handle()];
    rt::spawn(receiver);
    rt::spawn(stand_in);
    (controls, server, handles)
}

async fn settled(controls: &Controls, id: u64) -> PushState {
    let state = || controls.pushes().into_iter().find(|push| push.id == id).unwrap().state;
    let under_way = [PushState::Waiting, PushState::Sending];
    until("the push is told or given up", || !under_way.contains(&state())).await;
    state()
}

async fn stop(handles: [ServerHandle; 2]) {
    for handle in handles {
        handle.stop(false).await;
    }
}

#[actix_web::test]
async fn a_plain_push_is_signed_and_tried_three_times() {
    let (controls, server, handles) = both(None, Wording::default()).await;
    *server.answers.lock().unwrap() = vec![(500, "no"), (200, "something else")];
    let id = controls.push("o1", "user_info_modified", json!({ "OpenID": "o1" }), None);
    assert_eq!(settled(&controls, id).await, PushState::Taken);
    let got = server.got.lock().unwrap().clone();
    assert_eq!(got.len(), 3, "an answer that is no success is none");
    let (query, body) = &got[2];
    let of = |key: &str| query[key].as_str().unwrap().to_owned();
    assert_eq!(of("signature"), signature(&["t0ken", &of("timestamp"), &of("nonce")]));
    assert_eq!(serde_json::from_slice::<Value>(body).unwrap()["Event"], "user_info_modified");

    *server.answers.lock().unwrap() = vec![(500, "no"); 3];
    let id = controls.push("o1", "user_info_modified", json!({}), None);
    assert_eq!(settled(&controls, id).await, PushState::GivenUp);
    stop(handles).await;
}

#[actix_web::test]
async fn a_sealed_push_differs_each_time_and_a_replay_does_not() {
    let (controls, server, handles) =
        both(Some(KEY), Wording { xml: true, ..Wording::default() }).await;
    assert!(controls.check_push_url().await);
    let id = controls.push("o1", "user_info_modified", json!({ "OpenID": "o1" }), None);
    assert_eq!(settled(&controls, id).await, PushState::Taken);
    let again = controls.push_again(id).unwrap();
    assert_eq!(settled(&controls, again).await, PushState::Taken);
    assert_eq!(controls.replay(again).await.unwrap().status, Some(200));
    let got = server.got.lock().unwrap().clone();
    assert_ne!(got[0].1, got[1].1);
    assert_eq!(got[1], got[2]);
    assert!(got[0].1.starts_with(b"<xml><ToUserName><![CDATA[gh_linli]]></ToUserName><Encrypt>"));
    assert_eq!(got[0].0["encrypt_type"], "aes");
    stop(handles).await;
}

#[actix_web::test]
async fn what_is_due_later_waits_for_the_clock_and_nobody_is_told_without_an_address() {
    let (controls, _, handles) = both(Some(KEY), Wording::default()).await;
    let id = controls.with(|world, now_ms| {
        world.pushes.tell(now_ms + 60_000, crate::events::Event::refused("o1", "t1"))
    });
    pause(LOOKS_EVERY * 3).await;
    assert_eq!(controls.pushes()[0].state, PushState::Waiting);
    controls.advance(Duration::from_secs(60));
    assert_eq!(settled(&controls, id).await, PushState::Taken);
    controls.push_to(None);
    let id = controls.push("o1", "user_info_modified", json!({}), None);
    assert_eq!(settled(&controls, id).await, PushState::Untold);
    assert!(!controls.check_push_url().await);
    stop(handles).await;
}

#[test]
fn a_spoilt_push_is_wrong_in_one_way_only() {
    let target = PushTarget {
        url: "http://x/".into(),
        token: "t0ken".into(),
        aes_key: None,
        wording: Wording::default(),
    };
    let push = |spoil| Push {
        due_ms: 0,
        event: crate::events::Event::refused("o1", "t1"),
        spoil,
        state: PushState::Sending,
        tries: vec![],
        sent: None,
    };
    let written = |spoil| letter(&target, &push(spoil), "wx1", [0; 16], (7200, 1)).unwrap();
    let right = written(None);
    assert_ne!(written(Some(Spoil::Signature)).url, right.url);
    assert_eq!(written(Some(Spoil::Signature)).body, right.body);
    assert!(written(Some(Spoil::Stale)).url.contains("timestamp=3600&"));
    assert!(written(Some(Spoil::Truncated)).body.len() < right.body.len());
    let flipped = written(Some(Spoil::Flipped)).body;
    let differ = flipped.iter().zip(&right.body).filter(|(a, b)| a != b).count();
    assert_eq!((differ, flipped.len()), (1, right.body.len()));
}
