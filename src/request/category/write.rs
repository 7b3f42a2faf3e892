//! Setting a category, and changing it.

use ::entity::category::{ActiveModel, Model, Question, Questions};
use entity::At;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    identity::Registrar,
    kernel::{Error, Event, Fact},
    org,
    platform::{
        AppState, Tx,
        db::{Step, is_duplicate},
        http::{Problem, input::readable, problem::NOT_FOUND},
        outbox,
    },
};

use super::{CATEGORY_EXISTS, model::Safety, store};

/// More than these nobody reads through.
const MOST: u64 = 60;

/// A category as staff write it; the whole of it each time.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryForm {
    /// 例如「助老」
    #[validate(length(min = 1, max = 20), custom(function = readable))]
    #[schema(min_length = 1, max_length = 20)]
    pub name: String,
    /// 最多两个问题
    #[serde(default)]
    #[validate(length(max = 2), nested)]
    #[schema(max_items = 2)]
    pub questions: Vec<QuestionForm>,
    /// Hours; absent: as the org's settings have it.
    #[validate(range(min = 1, max = 240))]
    #[schema(minimum = 1, maximum = 240)]
    pub promise_first_hours: Option<i32>,
    /// Working days; absent: as the org's settings have it.
    #[validate(range(min = 1, max = 90))]
    #[schema(minimum = 1, maximum = 90)]
    pub promise_done_days: Option<i32>,
    /// 上门服务两人同行
    #[serde(default)]
    pub two_people: bool,
    /// 未成年人参加须有成人陪同
    #[serde(default)]
    pub adult_with_minors: bool,
    /// 保险说明
    #[validate(length(min = 1, max = 200), custom(function = readable))]
    #[schema(min_length = 1, max_length = 200)]
    pub insurance_note: Option<String>,
    /// 是否启用，默认启用
    #[serde(default = "yes")]
    pub active: bool,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuestionForm {
    #[validate(length(min = 2, max = 60), custom(function = readable))]
    #[schema(min_length = 2, max_length = 60)]
    pub text: String,
    #[serde(default)]
    pub required: bool,
}

/// A category as everybody sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryView {
    pub id: Uuid,
    /// The org that set it: the one asked about or one above.
    pub org_id: Uuid,
    pub name: String,
    pub questions: Vec<Question>,
    pub promise_first_hours: Option<i32>,
    pub promise_done_days: Option<i32>,
    pub safety: Safety,
    /// false：已停用，不能选
    pub active: bool,
    pub updated_at: At,
}

impl From<Model> for CategoryView {
    fn from(row: Model) -> Self {
        Self {
            safety: Safety::from(&row),
            id: row.id,
            org_id: row.org_id,
            name: row.name,
            questions: row.questions.0,
            promise_first_hours: row.promise_first_hours,
            promise_done_days: row.promise_done_days,
            active: row.active,
            updated_at: row.updated_at,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum CategoryError {
    #[error("no such org or category, or out of reach")]
    NotFound,
    #[error("the org has one of that name")]
    Exists,
    #[error("the org has as many as it may")]
    TooMany,
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<CategoryError> for Problem {
    fn from(error: CategoryError) -> Self {
        match error {
            CategoryError::NotFound => NOT_FOUND.into(),
            CategoryError::Exists => CATEGORY_EXISTS.into(),
            CategoryError::TooMany => {
                let (zh, en) = ("类别最多 60 个，请先整理", "An org has 60 categories at most");
                Self::field("name", "range", zh, en)
            }
            CategoryError::Broken(error) => error.into(),
        }
    }
}

/// Sets a category at an org in reach, in the caller's transaction.
///
/// # Errors
/// `NotFound` for an org out of reach; `Exists`; `TooMany`.
pub(super) async fn add(
    tx: &Tx,
    state: &AppState,
    by: &Registrar,
    org_id: Uuid,
    form: CategoryForm,
) -> Result<CategoryView, CategoryError> {
    let (scope, now) = (by.scope(), state.clock.now());
    let org = org::find(&**tx, org_id).await?.filter(|org| scope.covers(&org.path));
    let org = org.ok_or(CategoryError::NotFound)?;
    if store::count(&**tx, &scope, org.id).await? >= MOST {
        return Err(CategoryError::TooMany);
    }
    let row = ActiveModel {
        id: Set(state.rng.id(now)),
        org_id: Set(org.id),
        created_at: Set(now),
        ..written(form, by.id(), now)
    };
    unique(row.insert(&**tx).await, "store the category")
}

/// Writes a category anew.
///
/// # Errors
/// `NotFound` out of reach; `Exists` where the new name is taken.
pub(super) async fn change(
    state: &AppState,
    by: &Registrar,
    id: Uuid,
    form: CategoryForm,
) -> Result<CategoryView, CategoryError> {
    let tx = state.db.write().await?;
    let found = store::locked(&tx, &by.scope(), id).await?.ok_or(CategoryError::NotFound)?;
    let row = ActiveModel { id: Set(found.id), ..written(form, by.id(), state.clock.now()) };
    let org_id = found.org_id;
    let view = unique(row.update(&*tx).await, "change the category")?;
    let changed = Fact {
        event: Event::CategoryChanged,
        org_id,
        request_id: None,
        task_id: None,
        subject_id: id,
        actor_id: Some(by.id()),
        words: None,
    };
    outbox::record(&*tx, state, [changed]).await?;
    tx.commit().await?;
    Ok(view)
}

fn unique(
    stored: Result<Model, sea_orm::DbErr>,
    step: &'static str,
) -> Result<CategoryView, CategoryError> {
    match stored {
        Err(error) if is_duplicate(&error) => Err(CategoryError::Exists),
        other => Ok(other.step(step)?.into()),
    }
}

fn written(form: CategoryForm, by: Uuid, now: At) -> ActiveModel {
    let questions = form.questions.into_iter().map(|question| Question {
        text: question.text.trim().to_owned(),
        required: question.required,
    });
    ActiveModel {
        name: Set(form.name.trim().to_owned()),
        questions: Set(Questions(questions.collect())),
        promise_first_hours: Set(form.promise_first_hours),
        promise_done_days: Set(form.promise_done_days),
        two_people: Set(form.two_people),
        adult_with_minors: Set(form.adult_with_minors),
        insurance_note: Set(form.insurance_note),
        active: Set(form.active),
        changed_by: Set(by),
        updated_at: Set(now),
        ..Default::default()
    }
}
