//! 任务模板: what an org posts again and again, written once. The orgs below it may use it too; only its own office
//! changes it.

pub mod routes;
mod store;
mod write;

use entity::At;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use ::entity::task_template::Model;

use crate::{
    kernel::Error,
    platform::{AppState, http::input::readable},
};

use super::outline::Outline;

/// Where the outline rests.
const COLUMN: &str = "task_template.outline";

/// A template as it is written.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateForm {
    /// What the office calls it, e.g. 每月消防巡查.
    #[validate(length(min = 2, max = 40), custom(function = readable))]
    #[schema(min_length = 2, max_length = 40)]
    name: String,
    #[validate(nested)]
    task: Outline,
}

/// What a task made from a template has of its own.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FromTemplate {
    /// Whose task it is; the template's own org when absent.
    org_id: Option<Uuid>,
    starts_at: At,
    /// As long as the template says when absent.
    ends_at: Option<At>,
    #[validate(length(min = 2, max = 40), custom(function = readable))]
    #[schema(min_length = 2, max_length = 40)]
    title: Option<String>,
    #[validate(range(min = 1, max = 500))]
    #[schema(minimum = 1, maximum = 500)]
    slots: Option<i32>,
    #[validate(length(min = 1, max = 1000), custom(function = readable))]
    #[schema(min_length = 1, max_length = 1000)]
    notes: Option<String>,
    lead_id: Option<Uuid>,
    /// Open it at once instead of keeping a draft.
    #[serde(default)]
    publish: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateView {
    pub id: Uuid,
    /// Whose it is: the org asked for, or one above it.
    pub org_id: Uuid,
    pub name: String,
    pub task: Outline,
    pub updated_at: At,
}

impl TemplateView {
    fn of(state: &AppState, row: Model) -> Result<Self, Error> {
        Ok(Self {
            task: Outline::open(state, COLUMN, row.id, &row.outline)?,
            id: row.id,
            org_id: row.org_id,
            name: row.name,
            updated_at: row.updated_at,
        })
    }
}
