//! Reading the chain, newest line first.

use ::entity::{audit_entry, audit_words};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::{
    kernel::Error,
    platform::{AppState, db::Step},
};

use super::Act;

/// Which lines to read.
#[derive(Debug)]
pub struct Filter {
    /// What the reader may see; identity makes it from a scope.
    pub within: Condition,
    pub org_id: Option<Uuid>,
    pub subject_id: Option<Uuid>,
    pub actor_id: Option<Uuid>,
    pub act: Option<Act>,
    /// Lines below this number.
    pub before: Option<i64>,
    pub limit: u64,
}

/// One page of lines with their reasons opened, and one more than asked where there is more.
///
/// # Errors
/// When they cannot be read, or a reason does not open.
pub async fn list(
    db: &impl ConnectionTrait,
    state: &AppState,
    filter: Filter,
) -> Result<Vec<(audit_entry::Model, Option<String>)>, Error> {
    use audit_entry::Column;
    let mut query = audit_entry::Entity::find().filter(filter.within);
    let ids = [
        (Column::OrgId, filter.org_id),
        (Column::SubjectId, filter.subject_id),
        (Column::ActorId, filter.actor_id),
    ];
    for (column, id) in ids {
        if let Some(id) = id {
            query = query.filter(column.eq(id));
        }
    }
    if let Some(act) = filter.act {
        query = query.filter(Column::Action.eq(act.name()));
    }
    if let Some(before) = filter.before {
        query = query.filter(Column::Seq.lt(before));
    }
    let page = query.order_by_desc(Column::Seq).limit(filter.limit + 1);
    let lines = page.all(db).await.step("read the audit chain")?;
    let words = audit_words::Entity::find()
        .filter(audit_words::Column::Seq.is_in(lines.iter().map(|line| line.seq)));
    let mut reasons = std::collections::HashMap::new();
    for row in words.all(db).await.step("read the reasons")? {
        reasons.insert(row.seq, state.crypto.open("audit_words.why", row.id, &row.why)?);
    }
    Ok(lines
        .into_iter()
        .map(|line| {
            let why = reasons.remove(&line.seq);
            (line, why)
        })
        .collect())
}
