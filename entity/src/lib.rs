//! One file per table: columns, column enums, ids. No behaviour lives here.

mod at;
mod sealed;

pub mod answer;
pub mod audit_entry;
pub mod audit_head;
pub mod audit_words;
pub mod certificate;
pub mod claim;
pub mod complaint;
pub mod consent;
pub mod credential;
pub mod event;
pub mod file;
pub mod file_use;
pub mod hours_entry;
pub mod idempotency_key;
pub mod membership;
pub mod notice;
pub mod org;
pub mod org_setting;
pub mod party_record;
pub mod person;
pub mod person_skill;
pub mod request;
pub mod role_grant;
pub mod roster_import;
pub mod session;
pub mod sign_in_try;
pub mod story;
pub mod task;
pub mod wechat_identity;

pub use at::At;
pub use sealed::Sealed;
