//! The edge: what every request and every answer has in common.

pub mod address;
pub mod edge;
pub mod etag;
pub mod html;
pub mod idempotency;
pub mod input;
pub mod lanes;
pub mod limit;
pub mod page;
pub mod problem;

pub use idempotency::{Answer, RetryKey};
pub use input::{Id, Input, Maybe, Params, Revision};
pub use page::{Page, PageQuery};
pub use problem::{Kind, Problem};
