//! What can go wrong with WeChat, and what a refusal means for the one who waits. No address, code, token, openid
//! or text is ever part of it.

use std::time::Duration;

/// A call that did not work.
#[derive(Debug, thiserror::Error)]
pub enum WechatError {
    /// WeChat answered with an errcode. Its support asks for the request id. `field` is the key of the message that
    /// it refuses (47003).
    #[error("WeChat answered {code} ({class:?}), rid {}{}", rid.as_deref().unwrap_or("none"), of(field.as_ref()))]
    Api { code: i64, rid: Option<String>, field: Option<String>, class: Class },
    /// `sent`: the request was, or may have been, written before it broke.
    #[error("WeChat could not be reached{}", after(*sent))]
    Transport {
        sent: bool,
        #[source]
        source: reqwest::Error,
    },
    /// `sent`: the call may have been carried out.
    #[error("WeChat did not answer in time{}", after(*sent))]
    Timeout { sent: bool },
    #[error("WeChat answered HTTP {0}")]
    Status(u16),
    #[error("WeChat's answer cannot be used: {0}")]
    Decode(&'static str),
    /// No access token could be had, so the call itself was not made.
    #[error("no access token could be had ({0:?})")]
    NoToken(Class),
    /// We do not ask just now: the call was not made.
    #[error("WeChat is not asked for now ({0:?})")]
    Held(Class),
    /// What we were about to send breaks WeChat's rules for that field: the call was not made.
    #[error("{field}: {why}")]
    Value { field: String, why: &'static str },
    #[error("wechat.base_url is not an http or https address")]
    BaseUrl,
}

fn of(field: Option<&String>) -> String {
    field.map(|field| format!(", field {field}")).unwrap_or_default()
}

fn after(sent: bool) -> &'static str {
    if sent { " after the request was sent" } else { "" }
}

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// The phone's code is unknown, dead or used: let the phone fetch another.
    CodeInvalid,
    /// WeChat holds the user for a risk and blocks the login; trying again does not help.
    Blocked,
    /// Too many calls this second or minute.
    TooFast,
    /// No more of these calls until midnight in Shanghai.
    Quota,
    /// WeChat is busy or out of reach; the same a little later may work.
    Busy,
    /// Our access token is refused, and so was the next one.
    Token,
    /// App id, secret, addresses or abilities are not set up; an operator must look.
    Config,
    /// The template or the page it names is banned, gone or not released; an operator must look.
    Template,
    /// 43101: no grant is left, or the user switched messages off. No fault: the inbox has it.
    Refused,
    /// Two messages to one user at once: one at a time, a second apart.
    Overlap,
    /// The words break a rule or hold a sensitive word; the same again fails again.
    Content,
    /// The openid is none of this mini program's.
    Identity,
    /// The user was not here within two hours, so WeChat does not check for them: people look at it.
    Stale,
    /// The same photo was sent too often: the earlier verdict stands.
    Repeated,
    Other,
}

/// When the same call may be worth making again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    Never,
    /// Not before that long; longer each time.
    After(Duration),
    /// After midnight in Shanghai.
    Tomorrow,
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
            40037 | 41030 | 43107 | 200_011..=200_022 => Self::Template,
            43101 => Self::Refused,
            43108 => Self::Overlap,
            45168 | 47003 | 87014 => Self::Content,
            40003 | 43104 => Self::Identity,
            61010 => Self::Stale,
            87020 => Self::Repeated,
            _ => Self::Other,
        }
    }

    /// As it is called in figures.
    pub fn name(self) -> &'static str {
        match self {
            Self::CodeInvalid => "code_invalid",
            Self::Blocked => "blocked",
            Self::TooFast => "too_fast",
            Self::Quota => "quota",
            Self::Busy => "busy",
            Self::Token => "token",
            Self::Config => "config",
            Self::Template => "template",
            Self::Refused => "refused",
            Self::Overlap => "overlap",
            Self::Content => "content",
            Self::Identity => "identity",
            Self::Stale => "stale",
            Self::Repeated => "repeated",
            Self::Other => "other",
        }
    }

    /// When the same again may work. Who asks still has to know that it was not carried out: see
    /// [`WechatError::is_unknown`].
    pub fn again(self) -> Again {
        match self {
            Self::TooFast | Self::Busy | Self::Overlap => Again::After(Duration::from_secs(1)),
            // An operator mends these; each asks again by itself, rarely.
            Self::Token | Self::Config | Self::Template => Again::After(Duration::from_secs(60)),
            Self::Quota => Again::Tomorrow,
            Self::CodeInvalid
            | Self::Blocked
            | Self::Refused
            | Self::Content
            | Self::Identity
            | Self::Stale
            | Self::Repeated
            | Self::Other => Again::Never,
        }
    }
}

impl WechatError {
    pub(super) fn api(code: i64, rid: Option<String>, field: Option<String>) -> Self {
        Self::Api { code, rid, field, class: Class::of(code) }
    }

    /// An errcode, for tests of what follows from it.
    #[cfg(test)]
    pub fn answered(code: i64) -> Self {
        Self::api(code, None, None)
    }

    /// What to do about it.
    pub fn class(&self) -> Class {
        match self {
            Self::Api { class, .. } | Self::NoToken(class) | Self::Held(class) => *class,
            Self::Transport { .. } | Self::Timeout { .. } | Self::Status(500..) => Class::Busy,
            Self::Value { .. } => Class::Content,
            Self::BaseUrl => Class::Config,
            Self::Status(_) | Self::Decode(_) => Class::Other,
        }
    }

    /// When the same call may be made again; `class().again()`, but a minute's limit asks for a minute.
    pub fn again(&self) -> Again {
        match self {
            Self::Api { code: 45011, .. } => Again::After(Duration::from_secs(60)),
            _ => self.class().again(),
        }
    }

    /// Whether WeChat may have carried the call out all the same. A message is then not sent again.
    pub fn is_unknown(&self) -> bool {
        match self {
            Self::Transport { sent, .. } | Self::Timeout { sent } => *sent,
            Self::Status(500..) | Self::Decode(_) => true,
            _ => false,
        }
    }

    /// Whether nobody answered in words: the host is down, slow or between two lives.
    pub(super) fn is_silence(&self) -> bool {
        matches!(self, Self::Transport { .. } | Self::Timeout { .. } | Self::Status(500..))
    }
}

/// Strips the address: secret, code and token are in its query. What failed before a connection stood was not sent;
/// of everything later we cannot know.
impl From<reqwest::Error> for WechatError {
    fn from(error: reqwest::Error) -> Self {
        let sent = !(error.is_connect() || error.is_builder());
        if error.is_timeout() {
            Self::Timeout { sent }
        } else {
            Self::Transport { sent, source: error.without_url() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_say_what_to_do() {
        let class = |code| WechatError::api(code, None, None).class();
        for (codes, expected) in [
            (&[40029, 40163][..], Class::CodeInvalid),
            (&[40226], Class::Blocked),
            (&[44990, 44991, 45011], Class::TooFast),
            (&[44993, 45009, 45029], Class::Quota),
            (&[-1], Class::Busy),
            (&[40001, 40014, 41001, 42001], Class::Token),
            (
                &[40013, 40125, 40164, 40243, 48001, 50004, 50007, 89503, 89506, 89507],
                Class::Config,
            ),
            (&[40037, 41030, 43107, 200_011, 200_014, 200_022], Class::Template),
            (&[43101], Class::Refused),
            (&[43108], Class::Overlap),
            (&[45168, 47003, 87014], Class::Content),
            (&[40003, 43104], Class::Identity),
            (&[61010], Class::Stale),
            (&[87020], Class::Repeated),
            (&[99999, 200_010, 200_023], Class::Other),
        ] {
            for code in codes {
                assert_eq!(class(*code), expected, "{code}");
            }
        }
        assert_eq!(WechatError::Status(502).class(), Class::Busy);
        assert_eq!(WechatError::Status(412).class(), Class::Other);
    }

    #[test]
    fn what_may_have_been_carried_out_is_told_apart() {
        let unknown = [
            WechatError::Timeout { sent: true },
            WechatError::Status(502),
            WechatError::Decode("it is not JSON"),
        ];
        let known = [
            WechatError::Timeout { sent: false },
            WechatError::Status(412),
            WechatError::NoToken(Class::Busy),
            WechatError::Held(Class::Quota),
            WechatError::api(-1, None, None),
        ];
        assert!(unknown.iter().all(WechatError::is_unknown));
        assert!(!known.iter().any(WechatError::is_unknown));
    }

    #[test]
    fn the_same_again_waits_as_long_as_it_must() {
        let again = |code| WechatError::api(code, None, None).again();
        let after = |s| Again::After(Duration::from_secs(s));
        assert_eq!([again(-1), again(44990), again(43108)], [after(1); 3]);
        assert_eq!(again(45011), after(60));
        assert_eq!(again(45009), Again::Tomorrow);
        assert_eq!([43101, 47003, 40003, 61010, 87020].map(again), [Again::Never; 5]);
    }
}
