//! 任务模板 · a task as an org writes it again and again, for itself and all orgs below it.

use sea_orm::entity::prelude::*;

use crate::{At, Sealed};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task_template")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub org_id: Uuid,
    pub name: String,
    /// The outline of the task as JSON; sealed, for it holds an address and may name people.
    pub outline: Sealed,
    pub written_by: Uuid,
    pub created_at: At,
    pub updated_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
