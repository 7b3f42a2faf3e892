//! 实时画面: who hears what, from which replica, and how a socket ends.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use linli::{
    kernel::clock::pause,
    platform::live::{News, Told, What},
};
use serde_json::{Value, json};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpSocket, TcpStream},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::HeaderValue},
};
use uuid::Uuid;

use crate::helpers::{Expect, OTHER_COMMUNITY, Person, Stack, TestApp, WENHUA, eventually, world};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// As a browser connects, which can set no header but the subprotocols. The error is the status of a refusal.
async fn connect(app: &TestApp, token: &str, org: &str) -> Result<Socket, u16> {
    let url = format!("{}/api/v1/stream/orgs/{org}", app.url.replace("http://", "ws://"));
    let mut request = url.into_client_request().unwrap();
    let protocols = HeaderValue::from_str(&format!("linli, bearer.{token}")).unwrap();
    request.headers_mut().insert("Sec-WebSocket-Protocol", protocols);
    match connect_async(request).await {
        Ok((socket, answer)) => {
            assert_eq!(answer.headers()["sec-websocket-protocol"], "linli");
            Ok(socket)
        }
        Err(Error::Http(refusal)) => Err(refusal.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

async fn listens(app: &TestApp, who: &Person, code: &str) -> Socket {
    let socket = connect(app, &who.token, &app.org_id(code).await).await.unwrap();
    // Whoever brings the news has to be there before they happen.
    eventually("news are brought", async || {
        app.settle().await;
        !app.state.live.wants_feeding()
    })
    .await;
    socket
}

/// The next news; None: nothing comes for a while.
async fn next(socket: &mut Socket) -> Option<Value> {
    loop {
        let message = tokio::time::timeout(Duration::from_secs(3), socket.next()).await.ok()??;
        match message.unwrap() {
            Message::Text(text) => return Some(serde_json::from_str(&text).unwrap()),
            Message::Close(frame) => return Some(json!(u16::from(frame.unwrap().code))),
            _ => {}
        }
    }
}

/// Repeats what makes news until the socket hears of it: the first may come before the line to Redis stands.
async fn hears(app: &TestApp, socket: &mut Socket, news: &Value, mut make: impl AsyncFnMut()) {
    for _ in 0..20 {
        make().await;
        app.settle().await;
        while let Some(heard) = next(socket).await {
            if heard == *news {
                return;
            }
        }
    }
    panic!("never heard of {news}");
}

fn task(id: &str) -> Value {
    json!({"kind": "task.changed", "id": id})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_screen_hears_what_changed_in_its_org_and_reads_it_again() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let id = app.open_task(&office, 3).await;
    app.settle().await;
    let mut screen = listens(&app, &li, WENHUA).await;
    let path = format!("/tasks/{id}/resize");
    let mut slots = 3;
    hears(&app, &mut screen, &task(&id), async || {
        slots += 1;
        office.post(&path, json!({"slots": slots})).await.ok();
    })
    .await;
    screen.close(None).await.unwrap();
    eventually("its place is free", async || app.state.live.listeners() == 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_replica_hears_it_too() {
    let app = TestApp::spawn().await;
    // On SQLite a second service in the same process stands for the other one.
    let prefix = app.state.settings.redis.prefix.clone();
    let url = app.state.settings.database.url.clone();
    let other = TestApp::over(Stack::from_env(), url, &[("redis.prefix", prefix)]).await;
    let office = app.office().await;
    let id = app.open_task(&office, 3).await;
    app.settle().await;
    let mut screen = listens(&other, &office, WENHUA).await;
    let mut slots = 3;
    hears(&app, &mut screen, &task(&id), async || {
        slots += 1;
        office.post(&format!("/tasks/{id}/resize"), json!({"slots": slots})).await.ok();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_and_drafts_are_the_offices_and_neighbours_hear_nothing() {
    let app = TestApp::spawn().await;
    let (office, wang) = (app.office().await, app.resident("王阿姨").await);
    let mut desk = listens(&app, &office, WENHUA).await;
    let mut phone = listens(&app, &wang, WENHUA).await;
    let mut aside = listens(&app, &app.staff("maocaopu").await, WENHUA).await;
    let mut above = listens(&app, &app.staff("leader").await, "520302").await;
    let org = app.org_id(WENHUA).await;
    let mut asked = Vec::new();
    let ask =
        json!({"org_id": org, "category": "助老", "title": "陪母亲取药", "detail": "腿脚不便"});
    let mut heard = None;
    for _ in 0..20 {
        let posted = wang.post("/requests", ask.clone()).await.ok();
        asked.push(json!({"kind": "request.changed", "id": posted["id"]}));
        app.settle().await;
        heard = next(&mut desk).await;
        if heard.is_some() {
            break;
        }
    }
    assert!(asked.contains(&heard.unwrap()));
    assert!(asked.contains(&next(&mut above).await.unwrap()), "the district hears what lies below");
    assert_eq!((next(&mut phone).await, next(&mut aside).await), (None, None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_listen_is_told_before_the_upgrade() {
    let app = TestApp::spawn().await;
    let (li, org) = (app.member("李建国").await, app.org_id(OTHER_COMMUNITY).await);
    let nobody = Uuid::nil().to_string();
    assert_eq!(connect(&app, "no.real.token", &org).await.err(), Some(401));
    assert_eq!(connect(&app, &li.token, &nobody).await.err(), Some(404));
    li.get(&format!("/stream/orgs/{org}")).await.refused(426, "live.upgrade");
    app.get(&format!("/api/v1/stream/orgs/{org}")).await.refused(401, "auth.relogin");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_screen_too_many_is_sent_away_with_a_time_to_come_again() {
    let app = TestApp::with(&[("live.connections_per_org", "1".into())]).await;
    let (li, org) = (app.member("李建国").await, app.org_id(WENHUA).await);
    let _first = connect(&app, &li.token, &org).await.unwrap();
    assert_eq!(connect(&app, &li.token, &org).await.err(), Some(503));
    let elsewhere = app.org_id(OTHER_COMMUNITY).await;
    connect(&app, &li.token, &elsewhere).await.unwrap();
}

/// News of a task nobody knows.
fn unheard(app: &TestApp, path: &str) -> Told {
    let news = News { kind: What::Task, id: app.state.rng.id(app.state.clock.now()) };
    Told { news, path: path.to_owned(), public: true }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_read_is_dropped_and_the_others_hear_on() {
    let app = TestApp::spawn().await;
    let (li, org) = (app.member("李建国").await, app.org_id(WENHUA).await);
    let path = world::by_code(&app.state, WENHUA).await.path;
    let mut reads = listens(&app, &li, WENHUA).await;
    // A line that is opened by hand and never read.
    let address = app.url.trim_start_matches("http://").to_owned();
    let line = TcpSocket::new_v4().unwrap();
    line.set_recv_buffer_size(4096).unwrap();
    let mut deaf = line.connect(address.parse().unwrap()).await.unwrap();
    let hello = format!(
        "GET /api/v1/stream/orgs/{org} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Authorization: Bearer {}\r\n\r\n",
        li.token
    );
    deaf.write_all(hello.as_bytes()).await.unwrap();
    eventually("both listen", async || app.state.live.listeners() == 2).await;
    let hears = tokio::spawn(async move {
        let mut heard = 0;
        while let Some(Ok(_)) = reads.next().await {
            heard += 1;
            if heard % 1000 == 0 {
                reads.flush().await.unwrap();
            }
        }
        heard
    });
    // The buffers on the way fill first, and then it is waited for: longer than `eventually` is patient.
    let mut bursts = 0;
    while app.state.live.listeners() == 2 && bursts < 6_000 {
        for _ in 0..20 {
            app.state.live.tell(&unheard(&app, &path));
        }
        bursts += 1;
        pause(Duration::from_millis(5)).await;
    }
    assert_eq!(app.state.live.listeners(), 1, "the deaf one is dropped");
    assert!(!hears.is_finished(), "the other one listens still");
    hears.abort();
}
