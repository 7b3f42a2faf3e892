//! An import as those who keep the org's people see it.

use ::entity::{
    At, Sealed,
    roster_import::{ImportState, Model},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{kernel::Error, platform::AppState};

use super::{line::Finding, run::SILENT};

const FINDINGS: &str = "roster_import.findings";
/// More findings of a kind than this are only counted.
const LISTED: usize = 1_000;

/// How an import went, in numbers.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportSummary {
    pub import_id: Uuid,
    pub org_id: Uuid,
    pub state: ImportState,
    /// Only tried: nothing was stored.
    pub dry_run: bool,
    /// People in the file.
    pub rows: i32,
    /// How many have been compared so far.
    pub checked: i32,
    /// New in their branch.
    pub added: i32,
    pub changed: i32,
    pub unchanged: i32,
    pub created_at: At,
    pub updated_at: At,
}

/// How an import went, row by row.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportView {
    #[serde(flatten)]
    pub summary: ImportSummary,
    /// With one of them nothing is stored. The first thousand.
    pub errors: Vec<Finding>,
    pub errors_total: usize,
    /// What was read in a way you should know of. The first thousand.
    pub notes: Vec<Finding>,
    /// Headings of columns that were not read.
    pub ignored_columns: Vec<String>,
}

/// As it rests, sealed.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Findings {
    errors: Vec<Finding>,
    errors_total: usize,
    notes: Vec<Finding>,
    ignored_columns: Vec<String>,
}

impl Findings {
    pub(super) fn of(
        mut errors: Vec<Finding>,
        mut notes: Vec<Finding>,
        ignored_columns: Vec<String>,
    ) -> Self {
        errors.sort_by_key(|one| one.row);
        notes.sort_by_key(|one| one.row);
        let errors_total = errors.len();
        errors.truncate(LISTED);
        notes.truncate(LISTED);
        Self { errors, errors_total, notes, ignored_columns }
    }

    pub(super) fn seal(&self, state: &AppState, id: Uuid) -> Result<Sealed, Error> {
        let text = serde_json::to_string(self)
            .map_err(|error| Error::broken("write an import's findings", error))?;
        Ok(state.crypto.seal(FINDINGS, id, &text))
    }
}

/// Whether an import that should be running has long said nothing: its process is gone.
pub(super) fn is_stale(import: &Model, now: At) -> bool {
    import.updated_at.plus(SILENT) < now
}

pub(super) fn summary(import: &Model, now: At) -> ImportSummary {
    let gone = import.state == ImportState::Running && is_stale(import, now);
    ImportSummary {
        import_id: import.id,
        org_id: import.org_id,
        state: if gone { ImportState::Failed } else { import.state },
        dry_run: import.dry_run,
        rows: import.rows,
        checked: import.checked,
        added: import.added,
        changed: import.changed,
        unchanged: import.unchanged,
        created_at: import.created_at,
        updated_at: import.updated_at,
    }
}

/// # Errors
/// When the findings do not open.
pub(super) fn view(state: &AppState, import: &Model) -> Result<ImportView, Error> {
    let text = state.crypto.open_some(FINDINGS, import.id, import.findings.as_ref())?;
    let findings = text.map(|text| serde_json::from_str(&text)).transpose();
    let findings: Option<Findings> =
        findings.map_err(|error| Error::broken("read an import's findings", error))?;
    let Findings { errors, errors_total, notes, ignored_columns } = findings.unwrap_or_default();
    let summary = summary(import, state.clock.now());
    Ok(ImportView { summary, errors, errors_total, notes, ignored_columns })
}
