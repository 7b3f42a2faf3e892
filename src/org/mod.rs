//! 组织: the one tree everything hangs on, from the province down to a branch or group, and people's places
//! in it.
//!
//! A node's path names all nodes above it, so a subtree is one range of an index. An org sets values (设置) for
//! itself and all below it; the nearest one that set a value has the last word. A person has at most one home
//! branch (组织关系所在支部) and one community of residence (居住地社区) at a time; together they make 双报到:
//!
//! ```text
//! asked for by the person ─► pending ─► confirmed        entered by the org (roster) ─► confirmed
//!                               └─► refused (reason)     refused: may ask again
//! confirmed ─► ended (moved to another branch, which confirms; or left)
//! ```
//!
//! Names, kinds and codes of orgs are public; everything about people is the org's own and asks for a `Scope`.
//! The verbs: `tree` (组织树), `settings` (设置, 减负), `members` (花名册), `roster` (导入花名册), `memberships` (双报到),
//! `moves` (转接), `roll` (点名), `party` (党员档案), `anniversary` (纪念日), `quiet` (不发喜庆通知), `skills` (技能和证书), `staff` (授权), `import` (导入区划), `calendar` (节假日).
//! Relies on `identity` (people, grants, scopes). Records no facts.

mod anniversary;
pub mod calendar;
mod declare;
mod divisions;
mod hours;
pub mod import;
mod member_routes;
mod members;
mod memberships;
mod model;
mod moves;
mod party;
mod quiet;
mod reindex;
mod roll;
mod roster;
pub mod routes;
mod settings;
mod skills;
mod staff;
mod store;
mod tree;
mod values;

pub use anniversary::{Anniversary, MOST, Sought, anniversaries, branches_with, not_agreed};
pub use hours::daily;
pub use model::{takes_requests, veiled};
pub use party::{agree, agreed};
pub use quiet::cheerful_members;
pub use reindex::reindex;
pub use roll::{
    Walked, branch_members, branch_members_among, count_branch_members, walk_branch_members,
};
pub use settings::settings_of;
pub use store::{ancestor_of_kind, ancestors, at_paths, find, member, names, paths};
pub use values::OrgSettings;

use crate::platform::http::Kind;

pub const MEMBERSHIP_EXISTS: Kind = Kind::new(
    "membership.exists",
    409,
    "已经登记过同类的组织关系，一个人同时只能有一个",
    "This person already has, or has asked for, a place of this kind",
);
pub const CODE_TAKEN: Kind =
    Kind::new("org.code_taken", 409, "这个区划代码已被使用", "This division code is taken");
pub const SETTING_LOCKED: Kind = Kind::new(
    "setting.locked",
    409,
    "上级为减负已经统一关闭了这一项，这里不能打开",
    "An org above has switched this off for everybody below",
);

pub const IMPORT_RUNNING: Kind = Kind::new(
    "import.running",
    409,
    "这个组织的上一份花名册还在办理，请稍后再传",
    "Another roster of this org is being imported",
);

/// The problems of this room.
pub const PROBLEMS: &[Kind] = &[MEMBERSHIP_EXISTS, CODE_TAKEN, SETTING_LOCKED, IMPORT_RUNNING];
