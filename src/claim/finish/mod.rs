//! 上报与确认: the lead reports, somebody else confirms (or nobody objects for some days), and what was served
//! becomes hours.

mod confirm;
mod praise;
mod report;
pub mod routes;
mod settle;

pub use confirm::confirm_due;
pub use praise::reward_praise;
pub(super) use report::anybody_came;
pub use settle::cancel_claims;

use uuid::Uuid;

use crate::{
    content::ContentError,
    dispatch::TaskError,
    file::AttachError,
    kernel::Error,
    platform::http::{
        Problem,
        problem::{FORBIDDEN, FieldFault, NOT_FOUND},
    },
};

use super::{NOBODY_CAME, OWN_WORK};

#[derive(Debug, thiserror::Error)]
pub enum FinishError {
    #[error("no such task in this scope")]
    NotFound,
    #[error("neither lead nor office")]
    NotYours,
    #[error("nobody has checked in")]
    NobodyCame,
    #[error("one's own work")]
    OwnWork,
    #[error("claim {0} is not on this task")]
    NotOnTask(Uuid),
    #[error("the org wants photos with a report")]
    PhotosWanted,
    #[error(transparent)]
    Words(#[from] ContentError),
    #[error(transparent)]
    Photos(#[from] AttachError),
    #[error(transparent)]
    Task(#[from] TaskError),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<FinishError> for Problem {
    fn from(error: FinishError) -> Self {
        match error {
            FinishError::NotFound => NOT_FOUND.into(),
            FinishError::NotYours => FORBIDDEN.into(),
            FinishError::NobodyCame => NOBODY_CAME.into(),
            FinishError::OwnWork => OWN_WORK.into(),
            FinishError::NotOnTask(_) => Self::fields(vec![FieldFault {
                field: "claims".into(),
                code: "value",
                zh: "名单里没有这次接单，请刷新后再确认".into(),
                en: "Not a claim on this task's roster".into(),
            }]),
            FinishError::PhotosWanted => {
                Self::field("photo_ids", "required", "这里的上报要附照片", "Photos are wanted here")
            }
            FinishError::Words(error) => error.into(),
            FinishError::Photos(error) => error.into(),
            FinishError::Task(error) => error.into(),
            FinishError::Broken(error) => error.into(),
        }
    }
}
