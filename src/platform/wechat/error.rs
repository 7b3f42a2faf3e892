//! What can go wrong with WeChat, and what a refusal means for the one who waits. No address, code, token or
//! openid is ever part of it.

/// A call that did not work.
#[derive(Debug, thiserror::Error)]
pub enum WechatError {
    /// WeChat answered with an errcode. Its support asks for the request id.
    #[error("WeChat answered {code} ({class:?}), rid {}", rid.as_deref().unwrap_or("none"))]
    Api { code: i64, rid: Option<String>, class: Class },
    #[error("WeChat could not be reached")]
    Transport(#[source] reqwest::Error),
    /// The call may have been carried out.
    #[error("WeChat did not answer in time")]
    Timeout,
    #[error("WeChat answered HTTP {0}")]
    Status(u16),
    #[error("WeChat's answer cannot be used: {0}")]
    Decode(&'static str),
    #[error("wechat.base_url is not an http or https address")]
    BaseUrl,
}

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The phone's code is unknown, dead or used: let the phone fetch another.
    CodeInvalid,
    /// WeChat holds the user for a risk and blocks the login; trying again does not help.
    Blocked,
    /// Too many calls this second or minute.
    TooFast,
    /// No more of these calls today.
    Quota,
    /// WeChat is busy or out of reach; the same a little later may work.
    Busy,
    /// Our access token is refused, and so was the next one.
    Token,
    /// App id, secret, addresses or abilities are not set up; an operator must look.
    Config,
    Other,
}

impl Class {
    fn of(code: i64) -> Self {
        match code {
            40029 | 40163 => Self::CodeInvalid,
            40226 => Self::Blocked,
            44990 | 44991 | 45011 => Self::TooFast,
            44993 | 45009 | 45029 => Self::Quota,
            -1 => Self::Busy,
            40001 | 40014 | 41001 | 42001 => Self::Token,
            40013 | 40125 | 40164 | 40243 | 48001 | 50004 | 50007 | 89503 | 89506 | 89507 => {
                Self::Config
            }
            _ => Self::Other,
        }
    }
}

impl WechatError {
    pub(super) fn api(code: i64, rid: Option<String>) -> Self {
        Self::Api { code, rid, class: Class::of(code) }
    }

    /// What to do about it.
    pub fn class(&self) -> Class {
        match self {
            Self::Api { class, .. } => *class,
            Self::Transport(_) | Self::Timeout | Self::Status(500..) => Class::Busy,
            Self::BaseUrl => Class::Config,
            Self::Status(_) | Self::Decode(_) => Class::Other,
        }
    }
}

/// Strips the address: secret, code and token are in its query.
impl From<reqwest::Error> for WechatError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() { Self::Timeout } else { Self::Transport(error.without_url()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_say_what_to_do() {
        let class = |code| WechatError::api(code, None).class();
        assert_eq!([40029, 40163].map(class), [Class::CodeInvalid; 2]);
        assert_eq!([40001, 40014, 41001, 42001].map(class), [Class::Token; 4]);
        assert_eq!([44990, 44991, 45011].map(class), [Class::TooFast; 3]);
        assert_eq!([40226, -1, 45009].map(class), [Class::Blocked, Class::Busy, Class::Quota]);
        assert_eq!([40125, 40164, 99999].map(class), [Class::Config, Class::Config, Class::Other]);
        assert_eq!(WechatError::Status(502).class(), Class::Busy);
        assert_eq!(WechatError::Status(412).class(), Class::Other);
    }
}
