//! Words that wait, as the office that looks at them sees them.

use ::entity::{
    At,
    content_check::{ContentKind, ContentState, Model},
};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{identity::people, kernel::Error, platform::AppState};

use super::{decide::REASON, store};

/// No `Debug`: people speak here.
#[derive(Serialize, ToSchema)]
pub struct ContentView {
    pub id: Uuid,
    pub kind: ContentKind,
    /// The request, answer or story the words belong to.
    pub subject_id: Uuid,
    pub org_id: Uuid,
    /// What their author is called.
    pub author: String,
    pub state: ContentState,
    /// null: WeChat passed them, or a newer version took their place.
    pub words: Option<String>,
    /// What WeChat advised: `pass`, `review`; null: it could not be asked.
    pub suggest: Option<String>,
    /// Why it doubts them, by its own numbers: 10001 广告、20001 时政、20003 辱骂 …
    pub label: Option<i32>,
    pub created_at: At,
    pub decided_at: Option<At>,
    pub reason: Option<String>,
}

/// Many, with the names of their authors in one query.
pub(super) async fn many(
    db: &impl ConnectionTrait,
    state: &AppState,
    rows: Vec<Model>,
) -> Result<Vec<ContentView>, Error> {
    let names = people::names(db, rows.iter().map(|row| row.author_id)).await?;
    let view = |row: Model| {
        Ok(ContentView {
            words: store::words(state, &row)?,
            reason: state.crypto.open_some(REASON, row.id, row.reason.as_ref())?,
            author: names.get(&row.author_id).cloned().unwrap_or_default(),
            id: row.id,
            kind: row.kind,
            subject_id: row.subject_id,
            org_id: row.org_id,
            state: row.state,
            suggest: row.suggest,
            label: row.label,
            created_at: row.created_at,
            decided_at: row.decided_at,
        })
    };
    rows.into_iter().map(view).collect()
}
