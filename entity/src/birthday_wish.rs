//! 寄语 · what the branch, or somebody of it, wishes a member for their political birthday of a year.

use sea_orm::entity::prelude::*;

use crate::{At, Sealed};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "birthday_wish")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose birthday.
    pub person_id: Uuid,
    pub year: i32,
    /// Their branch when it was written.
    pub org_id: Uuid,
    pub author_id: Uuid,
    /// In the branch's name, by its keeper.
    pub of_branch: bool,
    pub words: Sealed,
    pub written_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
