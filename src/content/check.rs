//! Asking WeChat about somebody's words, while they are there.

use uuid::Uuid;

use crate::{
    identity::people,
    kernel::Error,
    platform::{
        AppState,
        http::{Problem, problem::CONTENT_REJECTED},
        wechat::{Scene, Suggest, TextCheck, Verdict},
    },
};

use super::model;

/// What WeChat made of one version of words. It refused none of them.
#[derive(Clone, Debug)]
pub struct Checked {
    pub(super) version: String,
    /// The strictest; None: it could not be asked about all of them.
    pub(super) verdict: Option<Verdict>,
}

#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    #[error("the words are refused")]
    Rejected,
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<ContentError> for Problem {
    fn from(error: ContentError) -> Self {
        match error {
            ContentError::Rejected => CONTENT_REJECTED.into(),
            ContentError::Broken(error) => error.into(),
        }
    }
}

/// Looks at words before they are stored; in no transaction. None: the author has no WeChat account, so nobody but
/// people can look.
///
/// # Errors
/// `Rejected` for words that WeChat finds risky.
pub async fn check(
    state: &AppState,
    author: Uuid,
    scene: Scene,
    text: &str,
) -> Result<Option<Checked>, ContentError> {
    let openid = people::openid(state.db.read(), state, author).await?;
    let Some(openid) = openid else { return Ok(None) };
    let mut verdict: Option<Verdict> = None;
    let mut unheard = false;
    for content in model::parts(text) {
        let check = TextCheck {
            openid: &openid,
            scene,
            content: &content,
            title: None,
            nickname: None,
            signature: None,
        };
        match state.wechat.check_text(&check).await {
            Ok(said) if said.suggest == Suggest::Risky => return Err(ContentError::Rejected),
            Ok(said) if verdict.as_ref().is_none_or(|known| said.suggest > known.suggest) => {
                verdict = Some(said);
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(class = error.class().name(), "words wait for people: {error}");
                unheard = true;
            }
        }
    }
    let verdict = verdict.filter(|_| !unheard);
    Ok(Some(Checked { version: version(state, text), verdict }))
}

/// The fingerprint of one version of words; without the key nobody can guess words from it.
pub(super) fn version(state: &AppState, text: &str) -> String {
    state.crypto.blind_index("content_check.version", text)
}
