//! Adding a line to the chain.

use ::entity::{
    audit_entry::{ActiveModel, Model},
    audit_head, audit_words,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QuerySelect, sea_query::LockType,
};

use crate::{
    kernel::Error,
    platform::{AppState, db::Step},
};

use super::model::{Deed, hash};

/// Writes a line in the caller's transaction; the last thing it does before the commit.
///
/// # Errors
/// When the line cannot be written; the transaction must then be dropped.
pub async fn record(tx: &DatabaseTransaction, state: &AppState, deed: Deed) -> Result<(), Error> {
    let head = audit_head::Entity::find_by_id(1).lock(LockType::NoKeyUpdate).one(tx).await;
    let head = head.step("lock the audit chain")?;
    let head = head.ok_or_else(|| Error::impossible("lock the audit chain"))?;
    let at = state.clock.now();
    let mut line = Model {
        seq: head.seq + 1,
        at,
        actor_id: deed.actor_id,
        action: deed.act.name().to_owned(),
        org_id: deed.org_id,
        subject_id: deed.subject_id,
        why_digest: deed.why.as_deref().map(|why| state.crypto.blind_index("audit.why", why)),
        prev: head.hash.clone(),
        hash: String::new(),
    };
    line.hash = hash(&line);
    let (seq, end) = (line.seq, line.hash.clone());
    let row: ActiveModel = line.into_active_model().reset_all();
    row.insert(tx).await.step("write the audit line")?;
    if let Some(why) = deed.why {
        let id = state.rng.id(at);
        let sealed = state.crypto.seal("audit_words.why", id, &why);
        let words = audit_words::ActiveModel { seq: Set(seq), id: Set(id), why: Set(sealed) };
        words.insert(tx).await.step("keep the reason")?;
    }
    let mut head: audit_head::ActiveModel = head.into();
    (head.seq, head.hash) = (Set(seq), Set(end));
    head.update(tx).await.step("move the audit chain on").map(drop)
}
