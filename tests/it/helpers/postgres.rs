//! PostgreSQL servers of our own: the one that all tests share, and others to be ill-treated.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::servers::{home, in_path, missing, quiet};

const OPTIONS: &str = "-p 5432 -c listen_addresses='' -c max_connections=400";
/// Faster, and whoever stops such a server hard may lose what it acknowledged.
const FLEETING: &str = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal \
    -c max_wal_senders=0 -c max_wal_size=256MB";

/// A server on a socket in a folder nobody else knows. Its user `app` may do everything, without a password.
#[derive(Debug)]
pub struct Postgres {
    folder: PathBuf,
    fleeting: bool,
}

impl Postgres {
    /// A new server, with nothing in it but the database `postgres`, for making others. `name` begins with `pg`.
    pub fn start(name: &str, fleeting: bool) -> Self {
        let folder = home().join(name);
        fs::create_dir(&folder).expect("the temporary folder is ours");
        let server = Self { folder, fleeting };
        if is_root() {
            server.run(Command::new("chown").arg("postgres").arg(&server.folder));
        }
        let mut initdb = as_postgres(&programs().join("initdb"));
        initdb.args(["-U", "app", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-D"]);
        server.run(initdb.arg(server.data()).current_dir(&server.folder));
        server.begin();
        server
    }

    /// The address of a database.
    pub fn url(&self, database: &str) -> String {
        format!("postgres:///{database}?host={}&port=5432&user=app", self.folder.display())
    }

    /// Stops without saying goodbye to anybody, as when its machine loses power.
    pub fn crash(&self) {
        self.control(&["stop", "-w", "-m", "immediate"]);
    }

    /// Starts, from what it had written down.
    pub fn begin(&self) {
        let fleeting = if self.fleeting { FLEETING } else { "" };
        let options = format!("{OPTIONS} {fleeting} -k {}", self.folder.display());
        self.control(&["start", "-w", "-o", &options]);
    }

    fn control(&self, words: &[&str]) {
        let mut control = as_postgres(&programs().join("pg_ctl"));
        control.args(words).arg("-l").arg(self.log()).arg("-D").arg(self.data());
        self.run(control.current_dir(&self.folder));
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    fn run(&self, command: &mut Command) {
        let done = quiet(command).status();
        assert!(
            done.as_ref().is_ok_and(std::process::ExitStatus::success),
            "{command:?}: {done:?}\n{}",
            fs::read_to_string(self.log()).unwrap_or_default()
        );
    }
}

/// PostgreSQL refuses to run as root.
fn as_postgres(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

fn is_root() -> bool {
    let asked = Command::new("id").arg("-u").output().expect("id -u");
    asked.stdout.trim_ascii() == b"0"
}

/// Where `initdb` and `pg_ctl` are; of several versions the newest.
fn programs() -> PathBuf {
    if let Some(folder) = in_path("initdb").as_deref().and_then(Path::parent) {
        return folder.to_owned();
    }
    let mut found = Vec::new();
    for base in ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"] {
        for entry in fs::read_dir(base).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().replace("postgresql@", "");
            let programs = entry.path().join("bin");
            if let (Ok(version), true) = (name.parse::<u32>(), programs.join("initdb").is_file()) {
                found.push((version, programs));
            }
        }
    }
    found.into_iter().max().map_or_else(|| missing("initdb"), |(_, programs)| programs)
}
