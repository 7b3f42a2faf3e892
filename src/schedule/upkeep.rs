//! 夜间核对: whether what should have been cleared was cleared, and whether there is a fresh backup. All well: nobody is
//! told.

use std::time::{Duration, SystemTime};

use ::entity::{
    At,
    role_grant::{self, Role},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{
    kernel::Error,
    notify::{self, Matter, Notice, Subject},
    platform::{
        AppState, Tx,
        config::BackupSettings,
        cron::{Chunk, Run, Step},
        db::Step as _,
    },
    privacy::retention,
};

/// More than that due at once: the hourly clearing stands still.
const LEFT: u64 = 1000;

/// How the backups are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backup {
    NotConfigured,
    /// The newest is so old, whole hours.
    Fresh(u64),
    Old(u64),
    /// No file in the folder, or no folder.
    Missing,
}

/// Looks at the newest file in the folder of backups.
pub async fn backup(settings: &BackupSettings, now: At) -> Backup {
    if settings.folder.is_empty() {
        return Backup::NotConfigured;
    }
    let Some(newest) = newest(&settings.folder).await else { return Backup::Missing };
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(now.ms().unsigned_abs());
    let hours = now.duration_since(newest).unwrap_or_default().as_secs() / 3600;
    if hours <= settings.max_age_hours { Backup::Fresh(hours) } else { Backup::Old(hours) }
}

async fn newest(folder: &str) -> Option<SystemTime> {
    let mut files = tokio::fs::read_dir(folder).await.ok()?;
    let mut newest = None;
    while let Ok(Some(file)) = files.next_entry().await {
        let Ok(about) = file.metadata().await else { continue };
        if about.is_file() && about.len() > 0 {
            newest = newest.max(about.modified().ok());
        }
    }
    newest
}

/// Checks, and tells the operators what is wrong.
pub fn check<'a>(
    state: &'a AppState,
    tx: &'a Tx,
    run: &'a Run,
    _cursor: Option<String>,
) -> Step<'a, Chunk> {
    Box::pin(look(state, tx, run))
}

async fn look(state: &AppState, tx: &Tx, run: &Run) -> Result<Chunk, Error> {
    let mut chunk = Chunk::default();
    let mut wrong = Vec::new();
    let left: u64 = retention::run(state, true).await?.iter().map(|swept| swept.rows).sum();
    if left > LEFT {
        wrong.push(format!("到期的个人信息还有 {left} 条没有清除"));
    }
    match backup(&state.settings.backup, state.clock.now()).await {
        Backup::NotConfigured => *chunk.passed.entry("backup_not_configured").or_default() += 1,
        Backup::Fresh(_) => {}
        Backup::Old(hours) => wrong.push(format!("最新的备份是 {hours} 小时以前的")),
        Backup::Missing => wrong.push("备份的文件夹里没有备份".to_owned()),
    }
    if wrong.is_empty() {
        *chunk.passed.entry("all_well").or_default() += 1;
        return Ok(chunk);
    }
    for (person_id, org_id) in operators(tx).await? {
        let notice = Notice {
            subject: Subject::UpkeepWarning,
            matter: Matter { words: Some(wrong.join("；")), ..Matter::default() },
            occasion: run.occasion(),
            org_id,
            request_id: None,
            task_id: None,
            subject_id: org_id,
            begins_at: None,
        };
        chunk.told += notify::tell(tx, state, &notice, &[person_id]).await?;
    }
    Ok(chunk)
}

/// The operators, each with an org of theirs; there are few of them.
async fn operators(tx: &Tx) -> Result<Vec<(Uuid, Uuid)>, Error> {
    use role_grant::Column;
    role_grant::Entity::find()
        .select_only()
        .columns([Column::PersonId, Column::OrgId])
        .filter(Column::Role.eq(Role::Operator))
        .filter(Column::RevokedAt.is_null())
        .order_by_asc(Column::Id)
        .limit(200)
        .into_tuple()
        .all(&**tx)
        .await
        .step("look who operates")
}
