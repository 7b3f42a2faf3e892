//! 微信登录: the mini program's code → openid → account → our own tokens.

use crate::{
    kernel::Error,
    platform::{
        AppState,
        http::{
            Problem,
            problem::{RELOGIN, TOO_FAST},
        },
        wechat::{Class, WechatError},
    },
};

use super::{
    PHONE_CODE_EXPIRED, WECHAT_BLOCKED, WECHAT_BUSY,
    session::{self, Life, Tokens},
    store,
};

#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    #[error(transparent)]
    Wechat(#[from] WechatError),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<LoginError> for Problem {
    fn from(error: LoginError) -> Self {
        match error {
            LoginError::Wechat(error) => wechat_problem(&error, RELOGIN.into()),
            LoginError::Broken(error) => error.into(),
        }
    }
}

/// What a failure of WeChat's means to the person; `used_up` is said when the code itself was no good.
pub(super) fn wechat_problem(error: &WechatError, used_up: Problem) -> Problem {
    match error.class() {
        Class::CodeInvalid => used_up,
        Class::Blocked => WECHAT_BLOCKED.into(),
        Class::TooFast => Problem::from(TOO_FAST).retry_after(60),
        class => {
            tracing::warn!(%error, ?class, "wechat could not be asked");
            Problem::from(WECHAT_BUSY).retry_after(3)
        }
    }
}

/// The same for the phone button's code.
pub(super) fn phone_problem(error: &WechatError) -> Problem {
    wechat_problem(error, PHONE_CODE_EXPIRED.into())
}

/// Signs in with the code of `wx.login`, making the account on first sight.
///
/// # Errors
/// A used or unknown code asks for a new sign-in; WeChat's own troubles are said as such.
pub async fn with_wechat(state: &AppState, code: &str) -> Result<Tokens, LoginError> {
    let openid = state.wechat.login(code).await?;
    let tx = state.db.write().await?;
    let person = store::person_of_openid(&tx, state, openid.as_str()).await?;
    let tokens = session::open(&tx, state, person, Life::Phone).await?;
    tx.commit().await?;
    Ok(tokens)
}
