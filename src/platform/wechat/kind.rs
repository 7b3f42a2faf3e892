//! The calls we make, and how each is treated: where it goes, how long we wait, and whether it may be repeated.

use std::time::Duration;

/// One of WeChat's calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    Login,
    Token,
    Phone,
    /// A subscribe message: one grant, one message, so never repeated here.
    Send,
    Text,
    Media,
    Code,
    Templates,
}

impl Call {
    /// As it is called in figures, logs and Redis.
    pub fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Token => "token",
            Self::Phone => "phone",
            Self::Send => "send",
            Self::Text => "text",
            Self::Media => "media",
            Self::Code => "code",
            Self::Templates => "templates",
        }
    }

    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Login => "/sns/jscode2session",
            Self::Token => "/cgi-bin/stable_token",
            Self::Phone => "/wxa/business/getuserphonenumber",
            Self::Send => "/cgi-bin/message/subscribe/send",
            Self::Text => "/wxa/msg_sec_check",
            Self::Media => "/wxa/media_check_async",
            Self::Code => "/wxa/getwxacodeunlimit",
            Self::Templates => "/wxaapi/newtmpl/gettemplate",
        }
    }

    /// How long one attempt may take. Somebody waits for a text check, and has ten seconds in all.
    pub(super) fn within(self) -> Duration {
        Duration::from_secs(match self {
            Self::Text => 3,
            Self::Code => 15,
            _ => 8,
        })
    }

    /// How long after the first attempt another may begin; None: it is never repeated. Codes of a login or a phone
    /// work once, a message costs a grant, and a photo that is checked twice is refused.
    pub(super) fn patience(self) -> Option<Duration> {
        match self {
            Self::Text => Some(Duration::from_secs(3)),
            Self::Code | Self::Templates => Some(Duration::from_secs(10)),
            Self::Login | Self::Token | Self::Phone | Self::Send | Self::Media => None,
        }
    }

    /// Whether a refusal for our settings speaks of the call and not of the code somebody sent along.
    pub(super) fn is_ours(self) -> bool {
        !matches!(self, Self::Login | Self::Phone)
    }
}
