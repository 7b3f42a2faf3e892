//! What the operator says of WeChat's push: whether it is received, how, and with which keys.

use super::{WechatSettings, push::PushKeys};

/// How a push came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushMode {
    /// 安全模式, and the sealed half of 兼容模式.
    Safe,
    /// 明文模式: anybody on the way reads it, and may change it.
    Plain,
}

impl PushMode {
    fn named(name: &str) -> Option<Self> {
        match name {
            "safe" => Some(Self::Safe),
            "plain" => Some(Self::Plain),
            _ => None,
        }
    }
}

impl WechatSettings {
    /// What opens a push; None where none is received.
    ///
    /// # Errors
    /// What is wrong with the token or the keys.
    pub fn push(&self) -> Result<Option<PushKeys>, String> {
        match (self.push_token.is_empty(), self.push_keys.is_empty()) {
            (true, true) => return Ok(None),
            (true, false) => return Err("are set, but push_token is not".to_owned()),
            (false, true) if self.push_modes()? != [PushMode::Plain] => {
                return Err("is not set, but safe mode needs one".to_owned());
            }
            (false, _) => {}
        }
        PushKeys::read(&self.push_token, &self.push_keys, &self.app_id).map(Some)
    }

    /// How a push may come.
    ///
    /// # Errors
    /// Which word is no mode.
    pub fn push_modes(&self) -> Result<Vec<PushMode>, String> {
        let words = self.push_modes.split(',').map(str::trim);
        words
            .map(|word| PushMode::named(word).ok_or_else(|| format!("{word:?} is no mode")))
            .collect()
    }
}
