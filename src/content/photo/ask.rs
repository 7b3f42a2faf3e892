//! The round that has photos looked at. It compares what is attached with what was looked at, so it may run on any
//! replica at any time: a version is entered once, by whoever comes first, and only they ask.

use std::time::Duration;

use uuid::Uuid;

use crate::{
    file,
    identity::people,
    kernel::Error,
    platform::{
        AppState, Tx,
        wechat::{Class, MediaCheck, Medium, Scene, push::Media},
    },
};

use super::{PATIENCE, by_wechat, hear, store, store::Photo};

/// What was attached longer ago was asked about; after a longer standstill people look at it.
const LATELY: Duration = Duration::from_secs(7 * 24 * 3600);
/// Photos asked about in one round.
const AT_ONCE: u64 = 20;

/// One round; answers how much was done. What fails for one photo leaves it to people, after `PATIENCE` at the latest.
///
/// # Errors
/// When the database fails.
pub async fn ask(state: &AppState) -> Result<usize, Error> {
    let overdue = state.clock.now().minus(PATIENCE);
    let mut handled = 0;
    let late = store::waiting_since_before(state.db.read(), overdue).await?;
    if !late.is_empty() {
        handled += late.len();
        tracing::warn!(
            photos = late.len(),
            "WeChat said nothing about photos: people look at them"
        );
        let tx = state.db.write().await?;
        store::to_people(&tx, late).await?;
        tx.commit().await?;
    }
    for photo in store::unasked(state.db.read(), state.clock.now().minus(LATELY), AT_ONCE).await? {
        one(state, &photo).await?;
        handled += 1;
    }
    Ok(handled + hear::join_parked(state).await?)
}

/// Enters a photo and asks about it. Between the two nothing is held: should we stop there, it waits for people.
async fn one(state: &AppState, photo: &Photo) -> Result<(), Error> {
    let openid = match by_wechat(state) {
        true => people::openid(state.db.read(), state, photo.person_id).await?,
        false => None,
    };
    let tx = state.db.write().await?;
    let entered = store::enter(&tx, state, photo, openid.is_some()).await?;
    tx.commit().await?;
    let (Some(id), Some(openid)) = (entered, openid) else { return Ok(()) };
    let url = file::lasting_link(state, photo.id);
    let check =
        MediaCheck { openid: &openid, scene: Scene::Forum, url: &url, medium: Medium::Image };
    let asked = state.wechat.check_media(&check).await;
    let tx = state.db.write().await?;
    match asked {
        Ok(trace) => store::note_trace(&tx, id, &trace).await?,
        Err(error) => {
            let class = error.class();
            tracing::warn!(photo.id = %photo.id, class = class.name(), "a photo waits: {error}");
            let said = if class == Class::Repeated { earlier(&tx, id).await? } else { None };
            match said {
                Some(said) => hear::apply(&tx, state, id, &said).await?,
                None => store::to_people(&tx, vec![id]).await?,
            }
        }
    }
    tx.commit().await
}

/// What WeChat found in the same pixels when it was asked before: it does not look at them again.
async fn earlier(tx: &Tx, id: Uuid) -> Result<Option<Media>, Error> {
    let same = store::same_pixels(&**tx, id).await?;
    Ok(same.and_then(|same| {
        let suggest = same.suggest?;
        let label = same.label.map_or(0, i64::from);
        Some(Media { trace_id: String::new(), code: 0, suggest, label })
    }))
}
