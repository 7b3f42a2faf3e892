//! Walking the chain: every line is there, says what it said, and leads to the next, up to the head.

use std::fmt;

use ::entity::{
    audit_entry::{Column, Entity, Model},
    audit_head,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{kernel::Error, platform::db::Step};

use super::{head::SignedHead, model::hash};

/// Lines read at a time.
const PORTION: u64 = 1000;

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not there, and later ones are.
    Missing,
    /// It says something else than when it was written.
    Altered,
    /// It does not continue the line before: one was replaced, put in or moved.
    Unlinked,
    /// The chain ends before the line the head or a kept head tells of.
    Cut,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "缺了这一条 (missing)",
            Self::Altered => "内容被改过 (altered)",
            Self::Unlinked => "和前一条接不上 (does not continue the line before)",
            Self::Cut => "链尾被截断或重写 (the end was cut off or rewritten)",
        })
    }
}

/// What a walk came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All lines hold, up to this one; 0 and empty: there is none yet.
    Sound { seq: i64, hash: String },
    /// The first line that does not.
    Broken { seq: i64, fault: Fault },
}

/// Checks one line against the one before.
fn check(line: &Model, last: (i64, &str)) -> Result<(), (i64, Fault)> {
    let due = last.0 + 1;
    if line.seq != due {
        return Err((due, Fault::Missing));
    }
    if hash(line) != line.hash {
        return Err((due, Fault::Altered));
    }
    if line.prev != last.1 {
        return Err((due, Fault::Unlinked));
    }
    Ok(())
}

/// Walks the whole chain. Lines written meanwhile are no matter: the head is read first.
///
/// # Errors
/// When it cannot be read.
pub async fn verify(db: &impl ConnectionTrait) -> Result<Verdict, Error> {
    let head = audit_head::Entity::find_by_id(1).one(db).await.step("read the head")?;
    let head = head.ok_or_else(|| Error::impossible("read the head"))?;
    let mut last = (0, String::new());
    loop {
        let lines = Entity::find()
            .filter(Column::Seq.gt(last.0))
            .filter(Column::Seq.lte(head.seq.max(0)))
            .order_by_asc(Column::Seq)
            .limit(PORTION)
            .all(db)
            .await
            .step("read the audit chain")?;
        if lines.is_empty() {
            break;
        }
        for line in lines {
            if let Err((seq, fault)) = check(&line, (last.0, &last.1)) {
                return Ok(Verdict::Broken { seq, fault });
            }
            last = (line.seq, line.hash);
        }
    }
    Ok(if (last.0, last.1.as_str()) == (head.seq, head.hash.as_str()) {
        Verdict::Sound { seq: last.0, hash: last.1 }
    } else {
        Verdict::Broken { seq: (last.0 + 1).min(head.seq), fault: Fault::Cut }
    })
}

/// Holds the chain against heads that were kept elsewhere: each must still stand in it.
///
/// # Errors
/// When the chain cannot be read.
pub async fn against(
    db: &impl ConnectionTrait,
    heads: &[SignedHead],
) -> Result<Option<Verdict>, Error> {
    for head in heads.iter().filter(|head| head.seq > 0) {
        let line = Entity::find_by_id(head.seq).one(db).await.step("read a line")?;
        if line.is_none_or(|line| line.hash != head.hash) {
            return Ok(Some(Verdict::Broken { seq: head.seq, fault: Fault::Cut }));
        }
    }
    Ok(None)
}
