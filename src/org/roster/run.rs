//! One import from the file to the commit. Small files are done while the sender waits, big ones behind the request;
//! one that is interrupted has stored nothing, and the same file again is all it takes.

use std::time::Duration;

use ::entity::{
    At,
    roster_import::{ImportState, Model},
};
use actix_web::{rt, web};
use sea_orm::DbErr;
use uuid::Uuid;

use crate::{
    audit::{self, Act, Deed},
    identity::Registrar,
    kernel::{Day, Error, Trouble},
    org::{IMPORT_RUNNING, store as orgs},
    platform::{
        AppState,
        db::is_duplicate,
        http::{Problem, problem::NOT_FOUND},
    },
};

use super::{
    line::{self, Finding, Reading},
    plan::{Job, Writing, plan},
    sheet::Unreadable,
    store,
    view::{Findings, is_stale},
    write::write,
};

/// A file of more bytes is read behind the request.
const AT_ONCE: usize = 128 << 10;
/// How often an import begins anew because others wrote meanwhile.
const TRIES: usize = 5;
/// Progress is noted this often, in people.
const NOTED: usize = 2_000;

#[derive(Debug, thiserror::Error)]
pub(super) enum ImportError {
    #[error("no such org, or out of reach")]
    NotFound,
    #[error("another import of this org is running")]
    Running,
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::NotFound => NOT_FOUND.into(),
            ImportError::Running => IMPORT_RUNNING.into(),
            ImportError::Unreadable(why) => Self::field("file", "value", why.zh(), why.to_string()),
            ImportError::Broken(error) => error.into(),
        }
    }
}

/// Whether the caller may import there now; before the file is read.
///
/// # Errors
/// `NotFound`, `Running`.
pub(super) async fn prepare(
    state: &AppState,
    registrar: &Registrar,
    org_id: Uuid,
    dry_run: bool,
) -> Result<Job, ImportError> {
    let (db, scope, now) = (state.db.read(), registrar.scope(), state.clock.now());
    let org = orgs::within_reach(db, &scope, org_id).await?.ok_or(ImportError::NotFound)?;
    let last = store::list(db, &scope, org_id, None, 1).await?;
    let running = |one: &Model| one.state == ImportState::Running && !is_stale(one, now);
    if last.first().is_some_and(running) {
        return Err(ImportError::Running);
    }
    Ok(Job { id: state.rng.id(now), org, by: registrar.id(), scope, dry_run })
}

/// Imports a file, or begins to.
///
/// # Errors
/// `Unreadable`; faults of rows are part of the answer.
pub(super) async fn begin(state: &AppState, job: Job, file: Vec<u8>) -> Result<Model, ImportError> {
    let today = Day::of(state.clock.now());
    if file.len() <= AT_ONCE {
        let reading = read(file, today).await?;
        return Ok(job.carry_out(state, reading, async |_| Ok(())).await?);
    }
    let import = job.running(state.clock.now());
    let tx = state.db.write().await?;
    store::keep(&tx, import.clone()).await?;
    tx.commit().await?;
    let state = state.clone();
    rt::spawn(async move { job.behind(&state, file, today).await });
    Ok(import)
}

/// Reads off the threads that answer requests. What makes the reader panic is no roster either.
async fn read(file: Vec<u8>, today: Day) -> Result<Reading, Unreadable> {
    web::block(move || line::read(&file, today)).await.unwrap_or(Err(Unreadable::NoTable))
}

impl Job {
    fn running(&self, now: At) -> Model {
        Model {
            id: self.id,
            org_id: self.org.id,
            by_id: self.by,
            dry_run: self.dry_run,
            state: ImportState::Running,
            rows: 0,
            checked: 0,
            added: 0,
            changed: 0,
            unchanged: 0,
            findings: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// Behind the request: whatever happens ends up in the import's row.
    async fn behind(self, state: &AppState, file: Vec<u8>, today: Day) {
        let began = self.running(state.clock.now());
        let done = match read(file, today).await {
            Err(why) => self.refuse(state, &why).await,
            Ok(reading) => {
                let mut import = began.clone();
                import.rows = i32::try_from(reading.lines.len()).unwrap_or(i32::MAX);
                let note = async |checked: usize| {
                    if !checked.is_multiple_of(NOTED) {
                        return Ok(());
                    }
                    import.checked = i32::try_from(checked).unwrap_or(i32::MAX);
                    import.updated_at = state.clock.now();
                    let tx = state.db.write().await?;
                    store::keep(&tx, import.clone()).await?;
                    tx.commit().await
                };
                self.carry_out(state, reading, note).await.map(drop)
            }
        };
        let Err(error) = done else { return };
        tracing::error!(
            import.id = %self.id,
            step = error.step,
            cause = format!("{:#}", error.cause),
            "an import of a roster failed at: {}",
            error.step
        );
        let import = Model { state: ImportState::Failed, updated_at: state.clock.now(), ..began };
        let told = async {
            let tx = state.db.write().await?;
            store::keep(&tx, import).await?;
            tx.commit().await
        };
        if let Err(error) = told.await {
            tracing::warn!(import.id = %self.id, %error, "the failed import could not be marked");
        }
    }

    async fn refuse(&self, state: &AppState, why: &Unreadable) -> Result<(), Error> {
        let column = String::new();
        let fault = Finding { row: 0, column, code: "file".to_owned(), message: why.zh() };
        let findings = Findings::of(vec![fault], vec![], vec![]);
        let mut import = self.running(state.clock.now());
        import.state = ImportState::Refused;
        import.findings = Some(findings.seal(state, self.id)?);
        let tx = state.db.write().await?;
        store::keep(&tx, import).await?;
        tx.commit().await
    }

    /// Compares and stores; begins anew where another import wrote in between.
    async fn carry_out(
        &self,
        state: &AppState,
        mut reading: Reading,
        mut checked: impl AsyncFnMut(usize) -> Result<(), Error>,
    ) -> Result<Model, Error> {
        let own = (reading.faults.len(), reading.notes.len());
        let mut last = Error::impossible("import a roster");
        for _ in 0..TRIES {
            reading.faults.truncate(own.0);
            reading.notes.truncate(own.1);
            let so_far = store::written(state.db.read()).await?;
            let writing = plan(state, self, &mut reading, &mut checked).await?;
            match self.store(state, &reading, writing, so_far).await {
                Err(error) if overtaken(&error) => last = error,
                done => return done,
            }
        }
        Err(Error { trouble: Trouble::Busy, ..last })
    }

    async fn store(
        &self,
        state: &AppState,
        reading: &Reading,
        writing: Writing,
        so_far: u64,
    ) -> Result<Model, Error> {
        let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
        let mut import = self.running(state.clock.now());
        import.rows = count(reading.lines.len());
        import.checked = import.rows;
        let refused = !reading.faults.is_empty();
        import.state = if refused { ImportState::Refused } else { ImportState::Done };
        if !refused {
            import.added = writing.added;
            import.changed = writing.changed;
            import.unchanged = writing.unchanged;
        }
        let (faults, notes) = (reading.faults.clone(), reading.notes.clone());
        let findings = Findings::of(faults, notes, reading.headings.ignored.clone());
        import.findings = Some(findings.seal(state, self.id)?);
        let tx = state.db.write().await?;
        let writes = !refused && !self.dry_run;
        if writes {
            store::take_turn(&tx, &self.org).await?;
            if store::written(&*tx).await? != so_far {
                return Err(Error {
                    step: "hold a roster against what is known",
                    trouble: Trouble::Busy,
                    cause: anyhow::anyhow!("another import wrote meanwhile"),
                });
            }
            write(&tx, writing).await?;
        }
        store::keep(&tx, import.clone()).await?;
        if writes {
            let deed = Deed {
                act: Act::RosterImported,
                actor_id: Some(self.by),
                org_id: Some(self.org.id),
                subject_id: Some(self.id),
                why: None,
            };
            audit::record(&tx, state, deed).await?;
        }
        tx.commit().await?;
        Ok(import)
    }
}

/// Whether somebody else was quicker with a person or a place, so that comparing again settles it.
fn overtaken(error: &Error) -> bool {
    let duplicate = error.cause.downcast_ref::<DbErr>().is_some_and(is_duplicate);
    duplicate || error.trouble == Trouble::Busy
}

/// Long enough without a word that nobody can be working on it.
pub(super) const SILENT: Duration = Duration::from_secs(120);
