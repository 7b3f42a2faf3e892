//! 照片 · a photo somebody uploaded, as it rests in the file store in two sizes.

use sea_orm::entity::prelude::*;

use crate::At;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who uploaded it.
    pub person_id: Uuid,
    /// Random; what both sizes are called in the file store.
    pub name: String,
    /// Pixels of the full size.
    pub width: i32,
    pub height: i32,
    /// Of the full size.
    pub bytes: i32,
    /// Keyed fingerprint of the full size: the version that is looked at. null: uploaded before photos were.
    pub digest: Option<String>,
    /// Both sizes are in the file store.
    pub ready: bool,
    /// Given up: the pictures are being taken away, and the row follows them.
    pub discarded_at: Option<At>,
    pub created_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
