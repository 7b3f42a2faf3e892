//! 首接负责: the first one of the office who does something with a request owns it until it is closed; it is handed
//! over with a reason.

use ::entity::request::{ActiveModel, Model};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    audit::{self, Act, Deed},
    identity::{Dispatcher, people},
    kernel::Error,
    org,
    platform::{AppState, db::Step, http::input::readable},
};

use super::{
    change::{By, RequestError, apply},
    form::fault,
    model::Command,
    post::PostError,
    store,
};

/// Who is to look after a request.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignForm {
    /// Somebody who works for the org of the request.
    pub user_id: Uuid,
    /// Required where somebody looks after it already.
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    pub reason: Option<String>,
}

/// Names who looks after a request. The same one again changes nothing.
///
/// # Errors
/// `NotFound` outside the scope, `NotNow` once it is over, `Field` for somebody who does not work there or where the
/// reason of a hand-over is missing.
pub(super) async fn assign(
    state: &AppState,
    office: &Dispatcher,
    id: Uuid,
    form: AssignForm,
) -> Result<Model, PostError> {
    let tx = state.db.write().await?;
    let row = store::locked(&tx, &office.scope(), id).await?.ok_or(RequestError::NotFound)?;
    if row.owner_id == Some(form.user_id) {
        return Ok(row);
    }
    let org = org::find(&*tx, row.org_id).await?;
    let org = org.ok_or_else(|| Error::impossible("read the request's org"))?;
    if !people::serves(&*tx, form.user_id, Dispatcher::ROLES, &org.path).await? {
        let zh = "请选择在这个社区工作的人";
        return Err(fault("user_id", "value", zh, "Choose somebody who works for it").into());
    }
    let handed_over = row.owner_id.is_some();
    if handed_over && form.reason.is_none() {
        let zh = "已经有人负责了，请写明交接的原因";
        return Err(fault("reason", "required", zh, "Say why it is handed over").into());
    }
    let words = form.reason.map(|reason| reason.trim().to_owned());
    let by = By { actor: Some(office.id()), words: words.clone() };
    let mut row: ActiveModel = apply(&tx, state, row, Command::Assign, by).await?.into();
    row.owner_id = Set(Some(form.user_id));
    let row = row.update(&*tx).await.step("name the owner")?;
    if handed_over {
        let deed = Deed {
            act: Act::RequestHandedOver,
            actor_id: Some(office.id()),
            org_id: Some(row.org_id),
            subject_id: Some(row.id),
            why: words,
        };
        audit::record(&tx, state, deed).await?;
    }
    tx.commit().await?;
    Ok(row)
}
