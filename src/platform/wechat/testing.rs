//! A responder for this client's own tests: it answers whatever it is told, and remembers what it was asked.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::kernel::{Clock, Rng, clock::HandClock};

use super::{Stage, Wechat, WechatSettings};

pub(super) const NOW: entity::At = entity::At(1_795_312_800_000);

/// What comes back.
pub(super) enum Answer {
    Body(Vec<u8>),
    Status(u16),
    /// The connection closes after the request was read.
    Close,
    /// It is read and never answered.
    Silence,
}

impl From<&str> for Answer {
    fn from(body: &str) -> Self {
        Self::Body(body.as_bytes().to_vec())
    }
}

/// What was asked: path with query, head, body.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub path: String,
    pub head: String,
    pub body: String,
}

#[derive(Clone)]
pub(super) struct Responder {
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Responder {
    /// Hands out the token `tok` by itself; everything else is `answer`'s, which is also told how often it was asked.
    pub(super) async fn start(
        answer: impl Fn(&Asked, usize) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let this = Self { url, asked: Arc::default() };
        let (seen, answer) = (this.asked.clone(), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (seen, answer) = (seen.clone(), answer.clone());
                tokio::spawn(async move { serve(stream, &seen, &*answer).await });
            }
        });
        this
    }

    /// What was asked of that path, in order.
    pub(super) fn asked(&self, path: &str) -> Vec<Asked> {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|asked| asked.path.starts_with(path)).cloned().collect()
    }

    /// A client of it, with a clock that stands still.
    pub(super) fn client(&self) -> Wechat {
        client(&self.url, HandClock::at(NOW))
    }
}

pub(super) fn client(url: &str, clock: Clock) -> Wechat {
    Wechat::new(&settings(url), clock, Rng::from_seed(1), None).unwrap()
}

pub(super) fn settings(base_url: &str) -> WechatSettings {
    WechatSettings {
        base_url: base_url.into(),
        app_id: "wx1".into(),
        secret: "hush-hush".into(),
        push_token: "hush-hush".into(),
        push_keys: String::new(),
        push_modes: "safe".into(),
        push_window_minutes: 10,
        stage: Stage::Trial,
        check_photos: true,
        poster_page: String::new(),
        prompt_most: 3,
        grant_days: 180,
        templates: std::collections::BTreeMap::new(),
    }
}

async fn serve(
    mut stream: TcpStream,
    seen: &Mutex<Vec<Asked>>,
    answer: &(dyn Fn(&Asked, usize) -> Answer + Send + Sync),
) -> Option<()> {
    loop {
        let asked = read(&mut stream).await?;
        let path = asked.path.split('?').next().unwrap_or_default().to_owned();
        let before = {
            let mut seen = seen.lock().unwrap();
            let before = seen.iter().filter(|one| one.path.starts_with(&path)).count();
            seen.push(asked.clone());
            before
        };
        let answer = match path.as_str() {
            "/cgi-bin/stable_token" => r#"{"access_token":"hush-token","expires_in":7200}"#.into(),
            _ => answer(&asked, before),
        };
        let (status, body) = match answer {
            Answer::Body(body) => (200, body),
            Answer::Status(status) => (status, Vec::new()),
            Answer::Close => return None,
            Answer::Silence => std::future::pending().await,
        };
        let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.write_all(&[head.as_bytes(), &body].concat()).await.ok()?;
    }
}

/// One request, whole; None when the client is gone.
async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        more(stream, &mut bytes).await?;
    };
    let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
    while bytes.len() < head + 4 + length {
        more(stream, &mut bytes).await?;
    }
    let head = String::from_utf8_lossy(&bytes[..head]).into_owned();
    let path = head.split(' ').nth(1)?.to_owned();
    let body = String::from_utf8_lossy(&bytes[head.len() + 4..]).into_owned();
    Some(Asked { path, head, body })
}

async fn more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<()> {
    let mut chunk = [0; 4096];
    let n = stream.read(&mut chunk).await.ok().filter(|n| *n > 0)?;
    bytes.extend_from_slice(&chunk[..n]);
    Some(())
}
