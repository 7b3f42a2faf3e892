//! What waits, as the office that looks at it sees it.

use ::entity::{
    At, content_check,
    content_check::{ContentKind, ContentState},
    media_check,
    media_check::MediaState,
};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    file::{self, FileView},
    identity::people,
    kernel::Error,
    platform::AppState,
};

use super::{decide::REASON, photo, store};

/// What somebody looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Looked {
    /// 需求
    Request,
    /// 群众评价
    Answer,
    /// 晒单
    Story,
    /// 政治生日寄语
    Wish,
    /// 任务上报
    Report,
    /// 照片
    Photo,
}

impl From<ContentKind> for Looked {
    fn from(kind: ContentKind) -> Self {
        match kind {
            ContentKind::Request => Self::Request,
            ContentKind::Answer => Self::Answer,
            ContentKind::Story => Self::Story,
            ContentKind::Wish => Self::Wish,
            ContentKind::Report => Self::Report,
        }
    }
}

/// No `Debug`: people speak here.
#[derive(Serialize, ToSchema)]
pub struct ContentView {
    pub id: Uuid,
    pub kind: Looked,
    /// The request, answer, story or task the words belong to; of a photo the photo.
    pub subject_id: Uuid,
    pub org_id: Uuid,
    /// What their author is called; of a photo who uploaded it.
    pub author: String,
    pub state: ContentState,
    /// null: a photo, or WeChat passed them, or a newer version took their place.
    pub words: Option<String>,
    /// The photo to look at; null: words, or it is gone.
    pub photo: Option<FileView>,
    /// What WeChat advised: `pass`, `review`, `risky`; null: it could not be asked, or could not fetch the photo.
    pub suggest: Option<String>,
    /// Why it doubts them, by its own numbers: 10001 广告、20001 时政、20003 辱骂 …
    pub label: Option<i32>,
    pub created_at: At,
    pub decided_at: Option<At>,
    pub reason: Option<String>,
}

/// A photo's state in the words of the queue.
pub(super) fn spoken(state: MediaState) -> ContentState {
    match state {
        MediaState::Pending | MediaState::Review => ContentState::Pending,
        MediaState::Passed => ContentState::Passed,
        MediaState::Refused => ContentState::Refused,
        MediaState::Expired => ContentState::Replaced,
    }
}

/// The states of photos the queue shows under that word: what WeChat still looks at is not people's work yet.
pub(super) fn listed(state: ContentState) -> &'static [MediaState] {
    match state {
        ContentState::Pending => &[MediaState::Review],
        ContentState::Passed => &[MediaState::Passed],
        ContentState::Refused => &[MediaState::Refused],
        ContentState::Replaced => &[MediaState::Expired],
    }
}

/// Words or a photo.
pub(super) enum Row {
    Words(content_check::Model),
    Photo(media_check::Model),
}

impl Row {
    pub(super) fn id(&self) -> Uuid {
        match self {
            Self::Words(row) => row.id,
            Self::Photo(row) => row.id,
        }
    }

    fn author(&self) -> Uuid {
        match self {
            Self::Words(row) => row.author_id,
            Self::Photo(row) => row.author_id,
        }
    }
}

/// Many, with the names of their authors and the photos in one query each.
pub(super) async fn many(
    db: &impl ConnectionTrait,
    state: &AppState,
    rows: Vec<Row>,
) -> Result<Vec<ContentView>, Error> {
    let names = people::names(db, rows.iter().map(Row::author)).await?;
    let objects = rows.iter().filter_map(|row| match row {
        Row::Words(_) => None,
        Row::Photo(row) => Some(row.object_id),
    });
    let mut photos = file::by_id(db, state, objects.collect()).await?;
    let view = |row: Row| {
        let author = names.get(&row.author()).cloned().unwrap_or_default();
        Ok(match row {
            Row::Words(row) => ContentView {
                words: store::words(state, &row)?,
                reason: state.crypto.open_some(REASON, row.id, row.reason.as_ref())?,
                author,
                photo: None,
                id: row.id,
                kind: row.kind.into(),
                subject_id: row.subject_id,
                org_id: row.org_id,
                state: row.state,
                suggest: row.suggest,
                label: row.label,
                created_at: row.created_at,
                decided_at: row.decided_at,
            },
            Row::Photo(row) => ContentView {
                words: None,
                reason: state.crypto.open_some(photo::REASON, row.id, row.reason.as_ref())?,
                author,
                photo: photos.remove(&row.object_id),
                id: row.id,
                kind: Looked::Photo,
                subject_id: row.object_id,
                org_id: row.org_id,
                state: spoken(row.state),
                suggest: row.suggest,
                label: row.label,
                created_at: row.created_at,
                decided_at: row.decided_at,
            },
        })
    };
    rows.into_iter().map(view).collect()
}
