//! 转交: what an office cannot do goes to the street, another community or the city hotline, and the resident is told
//! where it went and why. To an org it moves into that inbox, and the promise of a first answer keeps running.

use ::entity::request::{ActiveModel, Model};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    audit::{self, Act, Deed},
    identity::Dispatcher,
    org,
    platform::{AppState, Tx, db::Step, http::input::readable},
};

use super::{
    change::{By, RequestError, apply},
    form::fault,
    model::Command,
    post::PostError,
    store,
};

/// Where to, and why: either `org_id` or `hotline`.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PassForm {
    /// Another community or street.
    pub org_id: Option<Uuid>,
    /// 转交 12345 市民热线
    #[serde(default)]
    pub hotline: bool,
    /// 告诉居民的话
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    pub reason: String,
}

/// Passes a request on.
///
/// # Errors
/// `NotFound` outside the scope, `NotNow` while a task is under way or once it is over, `Field` where it names no
/// place, two, or one that takes no requests.
pub(super) async fn pass(
    state: &AppState,
    office: &Dispatcher,
    id: Uuid,
    form: PassForm,
) -> Result<Model, PostError> {
    let tx = state.db.write().await?;
    let row = store::locked(&tx, &office.scope(), id).await?.ok_or(RequestError::NotFound)?;
    let from = row.org_id;
    let words = form.reason.trim().to_owned();
    let by = By { actor: Some(office.id()), words: Some(words.clone()) };
    let row = match (form.org_id, form.hotline) {
        (Some(to), false) => {
            let row = moved(&tx, row, to).await?;
            apply(&tx, state, row, Command::Pass, by).await?
        }
        (None, true) => apply(&tx, state, row, Command::Refer, by).await?,
        _ => {
            let zh = "请选择转给哪个单位，或者转市民热线，选一项";
            return Err(fault("org_id", "required", zh, "Give either org_id or hotline").into());
        }
    };
    let deed = Deed {
        act: Act::RequestPassed,
        actor_id: Some(office.id()),
        org_id: Some(from),
        subject_id: Some(row.id),
        why: Some(words),
    };
    audit::record(&tx, state, deed).await?;
    tx.commit().await?;
    Ok(row)
}

/// Into the inbox of another org, where nobody owns it yet.
async fn moved(tx: &Tx, row: Model, to: Uuid) -> Result<Model, PostError> {
    let org = org::find(&**tx, to).await?.filter(org::takes_requests);
    if org.is_none_or(|org| org.id == row.org_id) {
        let zh = "请选择另一个社区或者街道";
        return Err(fault("org_id", "value", zh, "Choose another community or street").into());
    }
    let mut row: ActiveModel = row.into();
    row.org_id = Set(to);
    row.owner_id = Set(None);
    Ok(row.update(&**tx).await.step("move a request")?)
}
