//! 照片: what residents and volunteers photograph, kept small, clean and out of strangers' sight.
//!
//! An upload is looked at, decoded within limits, turned upright, drawn anew in two sizes and kept under a random
//! name; the original goes, and with it where and when it was taken. A photo that nothing uses within a day goes too.
//!
//! Other rooms attach photos to their rows in their own transaction (`attach`), and show them with links of their own
//! making (`views`): signed, for one photo and one size, good for some minutes. So who may see a photo is decided
//! where the row is shown. The one who uploaded sees their own; what was published everybody sees.
//!
//! Relies on `identity` alone and records no facts: the room that attaches does. To attach photos to another kind of
//! row, name it in `entity::file_use::Attached`.

mod attach;
mod links;
mod model;
mod photo;
mod read;
pub mod routes;
mod store;
mod tidy;
mod upload;
mod view;

pub use ::entity::file_use::Attached;
pub use attach::{AttachError, Owner, attach, attach_from, detach_all, forget, publish, unpublish};
pub use links::lasting_link;
pub use model::PHOTOS_MAX;
pub use store::ids_of;
pub use tidy::tidy;
pub use view::{FileView, by_id, views};

use crate::platform::http::Kind;

pub const TOO_LARGE: Kind =
    Kind::new("file.too_large", 413, "照片太大了，请压缩后再传", "The photo is too large");
pub const NOT_A_PHOTO: Kind = Kind::new(
    "file.not_a_photo",
    422,
    "这个文件不是能打开的照片，请用 JPEG、PNG 或 WebP",
    "Not a photo we can open: JPEG, PNG or WebP",
);
pub const DAILY_LIMIT: Kind = Kind::new(
    "file.daily_limit",
    429,
    "今天传的照片够多了，请明天再传",
    "Enough photos for one day",
);

/// The problems of this room.
pub const PROBLEMS: &[Kind] = &[TOO_LARGE, NOT_A_PHOTO, DAILY_LIMIT];
