//! Keeping templates, and making tasks from them.

use ::entity::{
    org::Model as Org,
    task_template::{ActiveModel, Model},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ModelTrait};
use uuid::Uuid;

use crate::{
    dispatch::{
        TaskView, audience,
        change::TaskError,
        post::{self, Author, DispatchError, Origin},
    },
    identity::Scope,
    org,
    platform::{
        AppState, Tx,
        db::Step,
        http::{Page, PageQuery, Problem, problem::NOT_FOUND},
    },
};

use super::{COLUMN, FromTemplate, TemplateForm, TemplateView, store};

/// The templates an org within reach can use.
///
/// # Errors
/// `NOT_FOUND` out of reach.
pub(super) async fn list(
    state: &AppState,
    scope: &Scope,
    org_id: Uuid,
    query: &PageQuery,
) -> Result<Page<TemplateView>, Problem> {
    let db = state.db.read();
    let org = org::find(db, org_id).await?.filter(|org| scope.covers(&org.path));
    let org = org.ok_or(NOT_FOUND)?;
    let rows = store::usable(db, &org, query.after()?, query.limit()).await?;
    let page = Page::cut(rows, query.limit(), |row| row.id);
    let items = page.items.into_iter().map(|row| TemplateView::of(state, row));
    Ok(Page { items: items.collect::<Result<_, _>>()?, next_cursor: page.next_cursor })
}

/// Writes a new one.
///
/// # Errors
/// `NotFound` out of reach; a field that cannot be.
pub(super) async fn add(
    tx: &Tx,
    state: &AppState,
    author: &Author,
    org_id: Uuid,
    form: TemplateForm,
) -> Result<TemplateView, DispatchError> {
    let org = author.org(tx, org_id).await?;
    form.task.check(tx, author, &org).await?;
    let (now, id) = (state.clock.now(), state.rng.id(state.clock.now()));
    let row = ActiveModel {
        id: Set(id),
        org_id: Set(org_id),
        name: Set(form.name.trim().to_owned()),
        outline: Set(form.task.seal(state, COLUMN, id)?),
        written_by: Set(author.id),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let row = row.insert(&**tx).await.step("store a template")?;
    Ok(TemplateView::of(state, row)?)
}

/// Writes one anew. Tasks made from it stay as they are.
///
/// # Errors
/// `NotFound` out of reach; a field that cannot be.
pub(super) async fn rewrite(
    tx: &Tx,
    state: &AppState,
    author: &Author,
    id: Uuid,
    form: TemplateForm,
) -> Result<TemplateView, DispatchError> {
    let row = store::lock(tx, &author.scope, id).await?.ok_or(TaskError::NotFound)?;
    let org = author.org(tx, row.org_id).await?;
    form.task.check(tx, author, &org).await?;
    let mut row: ActiveModel = row.into();
    row.name = Set(form.name.trim().to_owned());
    row.outline = Set(form.task.seal(state, COLUMN, id)?);
    row.written_by = Set(author.id);
    row.updated_at = Set(state.clock.now());
    let row = row.update(&**tx).await.step("rewrite a template")?;
    Ok(TemplateView::of(state, row)?)
}

/// Takes one away.
///
/// # Errors
/// `NotFound` out of reach.
pub(super) async fn remove(tx: &Tx, scope: &Scope, id: Uuid) -> Result<(), DispatchError> {
    let row = store::lock(tx, scope, id).await?.ok_or(TaskError::NotFound)?;
    row.delete(&**tx).await.step("remove a template")?;
    Ok(())
}

/// Makes a task from one, for its own org or one below it.
///
/// # Errors
/// `NotFound` for a template or org that is not the office's; a field that cannot be.
pub(super) async fn used(
    tx: &Tx,
    state: &AppState,
    author: &Author,
    id: Uuid,
    own: FromTemplate,
) -> Result<TaskView, DispatchError> {
    let row = store::find(&**tx, id).await?.ok_or(TaskError::NotFound)?;
    let org = author.org(tx, own.org_id.unwrap_or(row.org_id)).await?;
    let form = outline_for(tx, state, &row, &org).await?;
    let mut form = form.at(own.starts_at);
    audience::fit(tx, &author.scope, &org, &mut form).await?;
    form.ends_at = own.ends_at.unwrap_or(form.ends_at);
    form.title = own.title.or(form.title);
    form.slots = own.slots.unwrap_or(form.slots);
    form.notes = own.notes.or(form.notes);
    form.lead_id = own.lead_id.or(form.lead_id);
    form.publish = own.publish;
    post::create(tx, state, author, state.rng.id(state.clock.now()), &org, Origin::Plan, form).await
}

/// The outline, where the template is the org's own or of an org above it.
async fn outline_for(
    tx: &Tx,
    state: &AppState,
    row: &Model,
    org: &Org,
) -> Result<super::Outline, DispatchError> {
    let owner = org::find(&**tx, row.org_id).await?;
    let inherits = owner.is_some_and(|owner| org.path.starts_with(&owner.path));
    if !inherits {
        return Err(TaskError::NotFound.into());
    }
    Ok(super::Outline::open(state, COLUMN, row.id, &row.outline)?)
}
