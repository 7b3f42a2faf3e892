//! What WeChat tells us → what follows. The one page on which to read it; how it comes in stands in `letterbox`.
//!
//! It runs in one transaction with the mark that the push was seen to, and may run again without changing anything
//! twice. A new kind of push: a variant of `PushEvent`, and the compiler asks here what follows.

use ::entity::wechat_push::Model as Push;
use uuid::Uuid;

use crate::{
    content::photo,
    identity::{duty, people},
    kernel::Error,
    notify::{self, Matter, Notice, Subject, grants},
    platform::{AppState, Tx, wechat::push::PushEvent},
    privacy,
};

/// Does what follows, in the caller's transaction. Answers the tasks whose cards have to be shown anew afterwards.
///
/// # Errors
/// When it cannot be done now; the transaction must then be dropped, and it is tried again.
pub async fn follow(
    tx: &Tx,
    state: &AppState,
    push: &Push,
    event: PushEvent,
) -> Result<Vec<Uuid>, Error> {
    match event {
        PushEvent::Revoked { openid, what } => match whose(tx, state, &openid).await? {
            Some(person) => privacy::take_back(tx, state, person, &what).await,
            None => Ok(Vec::new()),
        },
        PushEvent::Cancelled { openid } => match whose(tx, state, &openid).await? {
            Some(person) => privacy::close(tx, state, person).await,
            None => Ok(Vec::new()),
        },
        PushEvent::Cleared { openid } => {
            if let Some(person) = whose(tx, state, &openid).await? {
                people::unname(tx, state, person).await?;
            }
            Ok(Vec::new())
        }
        PushEvent::Punished => warn_operators(tx, state, push).await.map(|()| Vec::new()),
        PushEvent::Prompted { openid, answers } => {
            for one in &answers {
                let (id, status) = (&one.template_id, &one.status);
                grants::popup(tx, state, &openid, id, status, push.received_at, &key(push)).await?;
            }
            Ok(Vec::new())
        }
        PushEvent::TurnedOff { openid, answers } => {
            for one in &answers {
                let (id, status) = (&one.template_id, &one.status);
                grants::change(tx, state, &openid, id, status, push.received_at, &key(push))
                    .await?;
            }
            Ok(Vec::new())
        }
        PushEvent::Sent { openid, results } => {
            let Some(person) = whose(tx, state, &openid).await? else { return Ok(Vec::new()) };
            for one in &results {
                let told = (one.template_id.as_str(), one.message_id.as_str(), one.code);
                notify::push::told(tx, state, person, told, push.received_at).await?;
            }
            Ok(Vec::new())
        }
        PushEvent::MediaChecked(told) => {
            photo::hear(tx, state, &told).await?;
            Ok(Vec::new())
        }
        PushEvent::Other(_) => Ok(Vec::new()),
    }
}

/// A push is heard once, whatever it tells of.
fn key(push: &Push) -> String {
    push.id.to_string()
}

/// Whom an openid opens; nobody who is not here, or no longer.
async fn whose(tx: &Tx, state: &AppState, openid: &str) -> Result<Option<Uuid>, Error> {
    people::by_openid(&**tx, state, openid).await
}

/// WeChat has announced a penalty: what for, its console says.
async fn warn_operators(tx: &Tx, state: &AppState, push: &Push) -> Result<(), Error> {
    tracing::error!(push.id = %push.id, "WeChat announces a penalty for the mini program");
    metrics::counter!("linli_wechat_penalties_total").increment(1);
    for (person, org_id) in duty::operators(&**tx).await? {
        let notice = Notice {
            subject: Subject::WechatPenalty,
            matter: Matter::default(),
            occasion: push.id.to_string(),
            org_id,
            request_id: None,
            task_id: None,
            subject_id: push.id,
            begins_at: None,
        };
        notify::tell(tx, state, &notice, &[person]).await?;
    }
    Ok(())
}
