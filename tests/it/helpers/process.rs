//! The real binary, started as an operator starts it, on free ports, its log in a file.

use std::{
    fs::{self, File},
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use fake_wechat::Controls;
use linli::{
    kernel::clock::{SystemClock, Tells},
    stage::{Reply, StandIn},
};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

use super::{app::eventually, reply::Expect, servers, stack, stack::Stack};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// Where a process finds what it needs; any number of processes may share it.
pub struct Site {
    pub database: String,
    pub wechat: Controls,
    pub wechat_url: String,
    settings: Vec<(String, String)>,
    env: Vec<(String, String)>,
    http: Client,
}

impl Site {
    pub fn over(database: String) -> Self {
        // The client below asks for one; whoever was first in this process has set it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let stand_in = StandIn::start(&stack::settings(&[]), SystemClock.now()).expect("WeChat");
        let n = NEXT.fetch_add(1, Ordering::SeqCst);
        let redis =
            if Stack::from_env().redis { servers::redis().to_owned() } else { String::new() };
        let settings = [
            ("DATABASE__URL", database.clone()),
            ("WECHAT__BASE_URL", stand_in.url.clone()),
            ("REDIS__URL", redis),
            ("REDIS__PREFIX", format!("site{n}")),
            ("LOOPS__ENABLED", "true".to_owned()),
            ("LOG__FORMAT", "json".to_owned()),
            ("LOG__FILTER", "info,linli=debug".to_owned()),
        ];
        let settings = settings.map(|(key, value)| (key.to_owned(), value)).to_vec();
        let http = Client::builder().no_proxy().build().expect("a client");
        let (wechat, wechat_url) = (stand_in.controls, stand_in.url);
        Self { database, wechat, wechat_url, settings, env: Vec::new(), http }
    }

    /// The same with a setting more, e.g. `HTTP__LISTEN`.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        self.settings.push((key.to_owned(), value.into()));
    }

    /// The same with a variable of the system's.
    pub fn with_env(&mut self, key: &str, value: &str) {
        self.env.push((key.to_owned(), value.to_owned()));
    }

    /// `linli <args>` here.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut linli = Command::new(env!("CARGO_BIN_EXE_linli"));
        linli.args(args).env("LINLI_ENV", "test").env_remove("RUST_LOG").stdin(Stdio::null());
        for key in ["HTTP__LISTEN", "HTTP__ADMIN_LISTEN"] {
            linli.env(format!("LINLI__{key}"), free_address());
        }
        linli.envs(self.settings.iter().map(|(key, value)| (format!("LINLI__{key}"), value)));
        linli.envs(self.env.iter().cloned());
        linli
    }

    /// Runs a command to its end; answers its exit code and all it said.
    pub async fn run(&self, args: &[&str]) -> (Option<i32>, String) {
        let mut command = self.command(args);
        let run = move || command.output().expect("the binary runs");
        let Output { status, stdout, stderr } =
            tokio::task::spawn_blocking(run).await.expect("it ends");
        (status.code(), String::from_utf8([stdout, stderr].concat()).expect("it speaks UTF-8"))
    }

    /// Starts `linli serve` and waits until it answers.
    pub async fn serve(&self, args: &[&str]) -> Linli {
        let name = format!("linli-{}", NEXT.fetch_add(1, Ordering::SeqCst));
        let log = servers::folder("linli").join(&name);
        let mut command = self.command(&[&["serve"], args].concat());
        let [url, admin_url] = ["LINLI__HTTP__LISTEN", "LINLI__HTTP__ADMIN_LISTEN"].map(|key| {
            let mut set = command.get_envs().filter(|(name, _)| *name == key);
            let address = set.next().and_then(|(_, value)| value?.to_str()).expect("it is set");
            format!("http://{address}")
        });
        let said = File::create(&log).expect("a log file");
        let child = command.stdout(Stdio::null()).stderr(said).spawn().expect("the binary starts");
        servers::note_process(&name, child.id());
        let mut linli = Linli { child, name, log, url, admin_url, http: self.http.clone() };
        eventually("linli serve answers", async || {
            let ended = linli.child.try_wait().expect("its state");
            assert!(ended.is_none(), "it ended: {ended:?}\n{}", linli.log());
            linli.http.get(format!("{}/live", linli.url)).send().await.is_ok()
        })
        .await;
        linli
    }
}

/// An address nobody listens on.
pub fn free_address() -> String {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
    free.expect("a free port").to_string()
}

/// A running `linli serve`. It ends with its value.
pub struct Linli {
    child: Child,
    name: String,
    log: PathBuf,
    pub url: String,
    pub admin_url: String,
    pub http: Client,
}

impl Linli {
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has said so far.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).expect("the log")
    }

    pub fn signal(&self, name: &str) {
        servers::signal(name, self.child.id());
    }

    /// Waits for its end.
    pub async fn ended(&mut self) -> ExitStatus {
        let mut status = None;
        eventually("linli ends", async || {
            status = self.child.try_wait().expect("its state");
            status.is_some()
        })
        .await;
        status.expect("it ended")
    }

    /// `path` from the root.
    pub async fn get(&self, path: &str) -> Reply {
        let sent = self.http.get(format!("{}{path}", self.url)).send().await;
        Reply::read(sent.expect("it answers")).await.expect("a whole answer")
    }

    /// A request to the API; without a token where it is empty.
    pub fn request(&self, method: Method, path: &str, token: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}/api/v1{path}", self.url));
        if token.is_empty() { request } else { request.bearer_auth(token) }
    }

    pub async fn post(&self, path: &str, token: &str, body: Value) -> Reply {
        let sent = self.request(Method::POST, path, token).json(&body).send().await;
        Reply::read(sent.expect("it answers")).await.expect("a whole answer")
    }

    /// Signs in through WeChat; answers the access token.
    pub async fn sign_in(&self, name: &str) -> String {
        let code = serde_json::json!({"code": format!("dev:{name}")});
        token(&self.post("/auth/wechat", "", code).await.ok())
    }

    /// Signs a member of staff in; answers the access token.
    pub async fn staff(&self, username: &str) -> String {
        let body = serde_json::json!({"username": username, "password": super::world::PASSWORD});
        token(&self.post("/auth/password", "", body).await.ok())
    }
}

fn token(answer: &Value) -> String {
    answer["access_token"].as_str().expect("a token").to_owned()
}

impl Drop for Linli {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
        servers::forget_process(&self.name);
    }
}
