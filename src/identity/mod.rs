//! 身份: who is calling, and what they may do and see.
//!
//! A person comes in through WeChat (code → openid → account) or, staff, with a password. They get a short access
//! token (JWT, HS256) and a refresh token that changes with every use. Roles and memberships are read from SQL for
//! each request, never from the token.
//!
//! Authority is a parameter: `Resident`, `Dispatcher`, `Keeper` … are extractors, so a handler's signature says who
//! may call it, and only they hand out a `Scope`. A route that does not declare who may call it does not start
//! the server (`guard`).
//!
//! Relies on `audit`: granting and taking roles is audited. Records no facts.

mod access_token;
pub mod actors;
pub mod consents;
pub mod duty;
pub mod guard;
mod hs256;
mod known;
mod login;
mod lookup;
mod me;
mod password;
pub mod people;
mod phone;
pub mod roles;
pub mod routes;
mod scope;
mod session;
mod store;
mod tries;

pub use actors::{
    Anyone, Caller, Dispatcher, Inspector, Keeper, Operator, PartyKeeper, Registrar, Resident,
    Reviewer,
};
pub use hs256::install as install_token_crypto;
pub use known::Known;
pub use me::{UserView, profile};
pub use password::hash as hash_password;
pub use scope::{Scope, upward, within};

use crate::platform::http::Kind;

/// The subprotocol of live screens, which also brings the token of a browser as `bearer.<token>`.
pub const LIVE_PROTOCOL: &str = "linli";

pub const WRONG_PASSWORD: Kind =
    Kind::new("auth.wrong_password", 401, "用户名或密码不对", "Wrong user name or password");
pub const WECHAT_BUSY: Kind = Kind::new(
    "wechat.busy",
    503,
    "微信暂时没有响应，请稍后再试",
    "WeChat does not answer right now",
);
pub const WECHAT_BLOCKED: Kind = Kind::new(
    "auth.blocked",
    403,
    "微信提示这个账号有风险，暂时不能登录",
    "WeChat blocks this account from signing in",
);
pub const PHONE_CODE_EXPIRED: Kind = Kind::new(
    "auth.phone_code_expired",
    422,
    "手机号授权已过期，请再点一次按钮",
    "The phone code has expired, tap the button again",
);
pub const PHONE_TAKEN: Kind = Kind::new(
    "phone.taken",
    409,
    "这个手机号已登记在另一个账号上，请联系社区",
    "This phone number belongs to another account",
);
pub const ROLES_CONFLICT: Kind = Kind::new(
    "role.conflict",
    409,
    "运维、审计与业务权限不能在同一个账号上",
    "Operator, auditor and business roles are not combined in one account",
);
pub const USERNAME_TAKEN: Kind =
    Kind::new("username.taken", 409, "这个用户名已被使用", "This user name is taken");

pub const CONSENT_OUTDATED: Kind = Kind::new(
    "consent.outdated",
    409,
    "内容已经更新，请重新阅读后再同意",
    "The words have changed: read them again",
);

/// The problems of this room.
pub const PROBLEMS: &[Kind] = &[
    WRONG_PASSWORD,
    WECHAT_BUSY,
    WECHAT_BLOCKED,
    PHONE_CODE_EXPIRED,
    PHONE_TAKEN,
    ROLES_CONFLICT,
    USERNAME_TAKEN,
    CONSENT_OUTDATED,
];
