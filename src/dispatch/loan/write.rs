//! Asking for people, agreeing, refusing.

use ::entity::{
    At,
    task::{ActiveModel as TaskRow, Model as Task, TaskState},
    task_loan::{ActiveModel, LoanState, Model},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::{
    dispatch::{
        BY_NAME, LOAN_ASKED, LOAN_DECIDED,
        change::{TaskError, fact},
        model::Command,
        model::NotNow,
        post::{Author, DispatchError, fault},
        store as tasks,
    },
    identity::Scope,
    kernel::{Error, Event},
    org,
    platform::{
        AppState, Tx,
        db::{Step, is_duplicate},
        http::{Page, Problem, page},
        outbox,
    },
};

use super::{BorrowForm, LoanQuery, LoanView, store, views};

/// The loans the caller's offices are asked for or ask for.
///
/// # Errors
/// A cursor that is none.
pub(super) async fn list(
    state: &AppState,
    scope: &Scope,
    query: LoanQuery,
) -> Result<Page<LoanView>, Problem> {
    let (db, limit) = (state.db.read(), page::limit(query.limit));
    let after = page::after(query.cursor.as_deref())?;
    let rows = store::list(db, scope, query.org_id, after, limit).await?;
    let page = Page::cut(rows, limit, |row| row.id);
    let items = views(db, state, page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// Asks another community for its people.
///
/// # Errors
/// `NotFound`, `NotNow` unless the task is open; an org that is in the ring already or takes no part; `LOAN_ASKED`.
pub(super) async fn ask(
    tx: &Tx,
    state: &AppState,
    author: &Author,
    task_id: Uuid,
    form: BorrowForm,
) -> Result<LoanView, DispatchError> {
    let task = tasks::lock(tx, &author.scope, task_id).await?.ok_or(TaskError::NotFound)?;
    still_open(&task, state.clock.now())?;
    if task.named {
        return Err(TaskError::Refused(BY_NAME).into());
    }
    let ring = org::find(&**tx, task.ring_org_id).await?;
    let ring = ring.ok_or_else(|| Error::impossible("read the ring of a task"))?;
    let asked = org::find(&**tx, form.org_id).await?.filter(org::takes_requests);
    let asked = asked
        .filter(|asked| !asked.path.starts_with(&ring.path) && !ring.path.starts_with(&asked.path));
    let Some(asked) = asked else {
        let zh = "请选一个邻近的社区；本范围里的社区不用借";
        return Err(fault("org_id", "value", zh, "Choose a community outside the ring").into());
    };
    let (now, id) = (state.clock.now(), state.rng.id(state.clock.now()));
    let row = ActiveModel {
        id: Set(id),
        task_id: Set(task_id),
        org_id: Set(asked.id),
        state: Set(LoanState::Pending),
        note: Set(form.note.as_deref().map(|note| state.crypto.seal("task_loan.note", id, note))),
        reason: Set(None),
        asked_by: Set(author.id),
        decided_by: Set(None),
        decided_at: Set(None),
        created_at: Set(now),
    };
    let stored = row.insert(&**tx).await;
    if stored.as_ref().is_err_and(is_duplicate) {
        return Err(TaskError::Refused(LOAN_ASKED).into());
    }
    let row = stored.step("store a loan")?;
    tell(tx, state, &task, &row, Event::TaskLoanAsked, author, Some(asked.name)).await?;
    one(tx, state, row).await
}

/// Agrees: the task stands in this org's pool too.
///
/// # Errors
/// `NotFound` for a loan asked of somebody else, `LOAN_DECIDED`, `NotNow` where the task can no longer be claimed.
pub(super) async fn accept(
    tx: &Tx,
    state: &AppState,
    author: &Author,
    id: Uuid,
) -> Result<LoanView, DispatchError> {
    let (task, loan) = waiting(tx, author, id).await?;
    still_open(&task, state.clock.now())?;
    let loan = decide(tx, state, author, loan, LoanState::Accepted, None).await?;
    let name = org::names(&**tx, [loan.org_id]).await?.remove(&loan.org_id);
    let ver = task.ver;
    let mut row: TaskRow = task.into();
    (row.ver, row.updated_at) = (Set(ver + 1), Set(state.clock.now()));
    let task = row.update(&**tx).await.step("show a task to those lent")?;
    tell(tx, state, &task, &loan, Event::TaskLoanAccepted, author, name).await?;
    one(tx, state, loan).await
}

/// Refuses, saying why.
///
/// # Errors
/// As `accept`; a task that is over may be refused too.
pub(super) async fn refuse(
    tx: &Tx,
    state: &AppState,
    author: &Author,
    id: Uuid,
    reason: &str,
) -> Result<LoanView, DispatchError> {
    let (task, loan) = waiting(tx, author, id).await?;
    let loan = decide(tx, state, author, loan, LoanState::Refused, Some(reason)).await?;
    let words = Some(reason.to_owned());
    tell(tx, state, &task, &loan, Event::TaskLoanRefused, author, words).await?;
    one(tx, state, loan).await
}

fn still_open(task: &Task, now: At) -> Result<(), TaskError> {
    if task.state != TaskState::Open {
        return Err(TaskError::NotNow(NotNow { state: task.state, command: Command::Change }));
    }
    if task.claim_until <= now {
        return Err(TaskError::TooLate(task.claim_until));
    }
    Ok(())
}

/// The task, then the loan, both locked; the loan is one the caller's office has not answered yet.
async fn waiting(tx: &Tx, author: &Author, id: Uuid) -> Result<(Task, Model), DispatchError> {
    let asked = store::asked(&**tx, &author.scope, id).await?.ok_or(TaskError::NotFound)?;
    // Another office's task: it is known here because it was asked for.
    let task = tasks::lock(tx, &Scope::house(), asked.task_id).await?;
    let task = task.ok_or_else(|| Error::impossible("read the task of a loan"))?;
    let loan = store::lock(tx, &author.scope, id).await?.ok_or(TaskError::NotFound)?;
    if loan.state != LoanState::Pending {
        return Err(TaskError::Refused(LOAN_DECIDED).into());
    }
    Ok((task, loan))
}

async fn decide(
    tx: &Tx,
    state: &AppState,
    author: &Author,
    loan: Model,
    decided: LoanState,
    reason: Option<&str>,
) -> Result<Model, Error> {
    let id = loan.id;
    let mut row: ActiveModel = loan.into();
    row.state = Set(decided);
    row.reason = Set(reason.map(|reason| state.crypto.seal("task_loan.reason", id, reason)));
    row.decided_by = Set(Some(author.id));
    row.decided_at = Set(Some(state.clock.now()));
    row.update(&**tx).await.step("decide a loan")
}

/// Tells both offices: the fact belongs to the one that has to hear of it, its subject is the loan.
async fn tell(
    tx: &Tx,
    state: &AppState,
    task: &Task,
    loan: &Model,
    event: Event,
    author: &Author,
    words: Option<String>,
) -> Result<(), Error> {
    let mut told = fact(task, event, author.actor(), words);
    told.subject_id = loan.id;
    if event == Event::TaskLoanAsked {
        told.org_id = loan.org_id;
    }
    outbox::record(&**tx, state, [told]).await
}

async fn one(tx: &Tx, state: &AppState, loan: Model) -> Result<LoanView, DispatchError> {
    let view = views(&**tx, state, vec![loan]).await?.pop();
    Ok(view.ok_or_else(|| Error::impossible("view a loan"))?)
}
