//! A PostgreSQL and a Redis of our own, started when a test first asks for one, on sockets in a folder nobody
//! else knows. They end with the test process, however it ends: a small shell outside of it keeps watch.

use std::{
    fs,
    io::{Read, Write},
    os::unix::{fs::PermissionsExt, net::UnixStream, process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use super::postgres::Postgres;

/// The private PostgreSQL, started on first use; nothing in it outlives a power cut where tests use it.
pub fn postgres() -> &'static Postgres {
    static POSTGRES: OnceLock<Postgres> = OnceLock::new();
    POSTGRES.get_or_init(|| Postgres::start("pg", cfg!(test)))
}

/// The address of the private Redis, started on first use.
pub fn redis() -> &'static str {
    static REDIS: OnceLock<String> = OnceLock::new();
    REDIS.get_or_init(start_redis)
}

/// Where both live, watched over from the moment it exists.
pub(super) fn home() -> &'static Path {
    static HOME: OnceLock<PathBuf> = OnceLock::new();
    HOME.get_or_init(|| {
        let home = tempfile::Builder::new().prefix("linli-test-").tempdir();
        let home = home.expect("a temporary folder").keep();
        // PostgreSQL runs as another user where we are root, and has to get in.
        let open = fs::Permissions::from_mode(0o755);
        fs::set_permissions(&home, open).expect("the temporary folder is ours");
        let ours = std::process::id().to_string();
        leave(Command::new("sh").args(["-c", WATCH, "sh", &ours]).arg(&home));
        home
    })
}

/// A folder that goes with the test process.
pub fn folder(name: &str) -> PathBuf {
    let folder = home().join(name);
    fs::create_dir_all(&folder).expect("the temporary folder is ours");
    folder
}

/// Waits until process `$1` is gone, then stops what lives in `$2` and removes it. It looks several times: a
/// server may have been on its way up just then.
const WATCH: &str = r#"
trap '' HUP INT TERM
while kill -0 "$1" 2>/dev/null; do sleep 0.3; done
for _ in 1 2 3 4 5 6 7 8 9 10; do
  cat "$2"/*.pid 2>/dev/null | while read -r id; do kill -KILL "$id"; done
  for at in "$2"/pg*/data/postmaster.pid; do id=$(head -n 1 "$at" 2>/dev/null) && kill -QUIT "$id"; done
  sleep 0.3
done
rm -rf "$2"
"#;

/// Out of the reach of Ctrl-C, and holding none of the pipes a test runner waits for.
pub(super) fn quiet(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0)
}

/// Starts something that ends after us; answers its process id.
#[allow(clippy::zombie_processes, reason = "nobody is left to wait for it")]
fn leave(command: &mut Command) -> u32 {
    let child = quiet(command).spawn();
    child.unwrap_or_else(|error| panic!("{command:?}: {error}")).id()
}

/// A Redis of a test's own, to be ill-treated. It ends with its value.
#[derive(Debug)]
pub struct OwnRedis {
    name: String,
    id: u32,
}

impl OwnRedis {
    pub fn start() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("redis-{}", NEXT.fetch_add(1, Ordering::SeqCst));
        let id = launch_redis(&name);
        Self { name, id }
    }

    pub fn url(&self) -> String {
        redis_url(&self.name)
    }

    /// At once, as when the machine loses power.
    pub fn kill(&self) {
        signal("KILL", self.id);
    }

    /// Starts it again where it was, from what it had saved.
    pub fn restart(&mut self) {
        self.id = launch_redis(&self.name);
    }

    /// From now on it takes connections and says nothing.
    pub fn freeze(&self) {
        signal("STOP", self.id);
    }

    pub fn thaw(&self) {
        signal("CONT", self.id);
    }
}

impl Drop for OwnRedis {
    fn drop(&mut self) {
        self.kill();
        forget_process(&self.name);
    }
}

/// Sends a signal; one that is gone already gets none.
pub fn signal(name: &str, id: u32) {
    drop(quiet(Command::new("kill").args(["-s", name, &id.to_string()])).status());
}

/// Notes a process of ours, so that it does not outlive the tests however they end.
pub fn note_process(name: &str, id: u32) {
    fs::write(home().join(format!("{name}.pid")), format!("{id}\n")).expect("the folder is ours");
}

/// The process ended and its id may be another's.
pub fn forget_process(name: &str) {
    drop(fs::remove_file(home().join(format!("{name}.pid"))));
}

fn start_redis() -> String {
    launch_redis("redis");
    redis_url("redis")
}

fn redis_url(name: &str) -> String {
    format!("redis+unix://{}", home().join(format!("{name}.sock")).display())
}

fn launch_redis(name: &str) -> u32 {
    let (folder, socket) = (home(), home().join(format!("{name}.sock")));
    let mut redis =
        Command::new(in_path("redis-server").unwrap_or_else(|| missing("redis-server")));
    redis.args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"]).arg(&socket);
    redis.args(["--dbfilename", &format!("{name}.rdb")]);
    let log = folder.join(format!("{name}.log"));
    let id = leave(redis.arg("--logfile").arg(&log).current_dir(folder));
    note_process(name, id);
    for _ in 0..500 {
        if pong(&socket) {
            return id;
        }
        wait_a_little();
    }
    panic!("redis-server did not start:\n{}", fs::read_to_string(log).unwrap_or_default());
}

fn pong(socket: &Path) -> bool {
    let Ok(mut stream) = UnixStream::connect(socket) else { return false };
    let mut answer = [0; 5];
    stream.write_all(b"PING\r\n").and_then(|()| stream.read_exact(&mut answer)).is_ok()
        && &answer == b"+PONG"
}

pub(super) fn in_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

pub(super) fn missing(program: &str) -> ! {
    panic!("找不到 {program} (not found)：请运行 scripts/need redis postgresql");
}

#[allow(clippy::disallowed_methods, reason = "the servers are waited for before any runtime is")]
fn wait_a_little() {
    std::thread::sleep(Duration::from_millis(10));
}
