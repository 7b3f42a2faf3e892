//! SQLite serves one process alone: two would each believe that their writer's turn is the only one. A lock on
//! `<database file>.lock` says so to the second; the kernel takes it back when the first ends, however it ends.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{Read, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use sea_orm::sqlx::sqlite::SqliteConnectOptions;

/// Held for as long as the database is ours.
#[derive(Debug)]
pub struct Alone(#[allow(dead_code, reason = "held, not read")] File);

/// Where a database file is. None: PostgreSQL, or a SQLite that has no file.
///
/// # Errors
/// When the address cannot be understood.
pub fn database_file(url: &str) -> anyhow::Result<Option<PathBuf>> {
    if !url.starts_with("sqlite:") || url.contains(":memory:") {
        return Ok(None);
    }
    let options: SqliteConnectOptions =
        url.parse().context("database.url 写得不对 cannot be understood: sqlite://path")?;
    Ok(Some(options.get_filename().to_owned()))
}

/// Makes the folder a database file will lie in.
///
/// # Errors
/// When it cannot be made.
pub fn make_folder(url: &str) -> anyhow::Result<()> {
    let file = database_file(url)?;
    let Some(folder) = file.as_deref().and_then(Path::parent) else { return Ok(()) };
    fs::create_dir_all(folder).with_context(|| {
        format!("建不了数据库所在的文件夹 cannot make the folder {}", folder.display())
    })
}

/// Takes the database for this process. None: it may be shared.
///
/// # Errors
/// When another process has it; the message names that process.
pub fn take(url: &str) -> anyhow::Result<Option<Alone>> {
    let Some((path, file)) = open(url)? else { return Ok(None) };
    match file.try_lock() {
        Ok(()) => sign(file).map(Some),
        Err(TryLockError::WouldBlock) => bail!(
            "SQLite 数据库正被另一个 linli 进程使用（进程号 pid {}，{}）。\n\
             请先停掉那个进程；要同时运行几个，请把 database.url 换成 PostgreSQL。\n\
             Another process has this SQLite database: stop it first, or use PostgreSQL for several.",
            holder(&path),
            path.display()
        ),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| unlockable(&path)),
    }
}

/// The same, waiting for whoever has it; `on_wait` is told who that is.
///
/// # Errors
/// When the file system knows no locks.
pub fn wait(url: &str, on_wait: impl FnOnce(&str)) -> anyhow::Result<Option<Alone>> {
    let Some((path, file)) = open(url)? else { return Ok(None) };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            on_wait(&format!("pid {}", holder(&path)));
            file.lock().with_context(|| unlockable(&path))?;
        }
        Err(TryLockError::Error(error)) => return Err(error).with_context(|| unlockable(&path)),
    }
    sign(file).map(Some)
}

fn open(url: &str) -> anyhow::Result<Option<(PathBuf, File)>> {
    let Some(database) = database_file(url)? else { return Ok(None) };
    make_folder(url)?;
    let mut path = database.into_os_string();
    path.push(".lock");
    let path = PathBuf::from(path);
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(&path)
        .with_context(|| format!("打不开锁文件 cannot open {}", path.display()))?;
    Ok(Some((path, file)))
}

/// Leaves our process id, for the message to the next.
fn sign(mut file: File) -> anyhow::Result<Alone> {
    file.set_len(0)?;
    writeln!(file, "{}", std::process::id())?;
    Ok(Alone(file))
}

fn holder(path: &Path) -> String {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(20).read_to_string(&mut text));
    if read.is_err() || text.trim().is_empty() { "?".to_owned() } else { text.trim().to_owned() }
}

fn unlockable(path: &Path) -> String {
    format!(
        "锁不住 {}：这个文件系统不支持文件锁，请把数据库放在本机磁盘上 \
         (this file system knows no locks: keep the database on a local disk)",
        path.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_refused_until_the_first_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/deep/linli.db?mode=rwc", folder.path().display());
        let first = take(&url).unwrap();
        assert!(first.is_some());
        let refused = take(&url).unwrap_err().to_string();
        assert!(refused.contains(&std::process::id().to_string()), "{refused}");
        drop(first);
        assert!(wait(&url, |_| panic!("nobody has it")).unwrap().is_some());
    }

    #[test]
    fn postgres_is_shared() {
        assert!(take("postgres://linli@db/linli").unwrap().is_none());
        assert_eq!(database_file("sqlite::memory:").unwrap(), None);
        let file = database_file("sqlite://var/linli.db").unwrap();
        assert_eq!(file, Some(PathBuf::from("var/linli.db")));
    }
}
