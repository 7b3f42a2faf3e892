//! 导入区划: the official division tree into the org tree. By code, so that it may be repeated; in one
//! transaction, so that nothing is half done; in portions, so that the whole country fits: 665,000 rows take
//! about 100 MB and a quarter of a minute.
//!
//! A division that is known by its code stays as it is, even where its keepers renamed it.

use std::{collections::HashMap, fmt, io::Read};

use ::entity::org::{ActiveModel, Column, Entity, OrgKind};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use crate::{
    kernel::{Clock, Error, Rng},
    platform::{Db, db::Step},
};

use super::{
    divisions::{Code, Division, read},
    model::{may_hold, path_below, spoken},
};

/// Rows per statement.
const PORTION: usize = 500;
/// More faults than this are not listed.
const LISTED: usize = 20;

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    pub added: u64,
    /// Known before by their code.
    pub known: u64,
}

/// Rows that are not right, by their numbers; the header is row 1.
#[derive(Debug, Default)]
pub struct Faults {
    rows: Vec<(u64, String)>,
    more: usize,
}

impl Faults {
    pub(super) fn add(&mut self, row: u64, why: impl Into<String>) {
        if self.rows.len() < LISTED {
            self.rows.push((row, why.into()));
        } else {
            self.more += 1;
        }
    }

    /// Nothing, where nothing is wrong.
    ///
    /// # Errors
    /// All of them, where something is.
    pub(super) fn none(self) -> Result<(), ImportError> {
        if self.rows.is_empty() { Ok(()) } else { Err(ImportError::Rows(self)) }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing was imported")?;
        for (row, why) in &self.rows {
            write!(f, "\nrow {row}: {why}")?;
        }
        if self.more > 0 { write!(f, "\nand {} rows more", self.more) } else { Ok(()) }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("the file is not CSV in UTF-8: {0}")]
    Unreadable(#[from] csv::Error),
    #[error("the file has no column {0}")]
    Column(&'static str),
    #[error("{0}")]
    Rows(Faults),
    #[error(transparent)]
    Broken(#[from] Error),
}

/// Imports a division tree; `progress` hears after each portion how many rows are done.
///
/// Holds one write transaction until the end, so on SQLite nobody else writes meanwhile. Connect with
/// `Use::Upkeep`.
///
/// # Errors
/// `Rows` with every row that is not right, and nothing was imported; `Unreadable` or `Column` for the file.
pub async fn import_divisions(
    db: &Db,
    rng: &Rng,
    clock: &Clock,
    file: impl Read,
    mut progress: impl FnMut(u64),
) -> Result<Imported, ImportError> {
    let divisions = read(file)?;
    let tx = db.write().await?;
    let mut tree = Tree { top: divisions.first().map(|division| division.kind), ..Tree::default() };
    let (mut imported, mut faults, mut done) = (Imported::default(), Faults::default(), 0);
    for portion in divisions.chunks(PORTION) {
        let known = tree.learn(&tx, portion).await?;
        let mut rows = Vec::new();
        for division in portion {
            if known.contains_key(&division.code) {
                imported.known += 1;
                continue;
            }
            match tree.hang(division, rng, clock) {
                Ok(row) => rows.push(row),
                Err(why) => faults.add(division.row, why),
            }
        }
        imported.added += rows.len() as u64;
        Entity::insert_many(rows).exec_without_returning(&*tx).await.step("import divisions")?;
        done += portion.len() as u64;
        progress(done);
    }
    faults.none()?;
    tx.commit().await?;
    Ok(imported)
}

/// A node others may hang below.
#[derive(Clone, Debug)]
struct Node {
    id: Uuid,
    path: Box<str>,
    kind: OrgKind,
}

/// What is known of the tree so far: the upper levels alone, as nothing hangs below a community.
#[derive(Debug, Default)]
struct Tree {
    top: Option<OrgKind>,
    nodes: HashMap<Code, Node>,
}

impl Tree {
    /// Looks up which of the portion are in the database, and the parents that are not yet known.
    async fn learn(
        &mut self,
        tx: &DatabaseTransaction,
        portion: &[Division],
    ) -> Result<HashMap<Code, Node>, Error> {
        let parents = portion.iter().filter_map(|division| division.parent);
        let mut codes: Vec<_> = parents.filter(|code| !self.nodes.contains_key(code)).collect();
        codes.extend(portion.iter().map(|division| division.code));
        codes.sort_unstable();
        codes.dedup();
        let rows: Vec<(Uuid, Option<String>, String, OrgKind)> = Entity::find()
            .select_only()
            .columns([Column::Id, Column::Code, Column::Path, Column::Kind])
            .filter(Column::Code.is_in(codes.iter().map(Code::to_string)))
            .into_tuple()
            .all(tx)
            .await
            .step("look divisions up")?;
        let known: HashMap<_, _> = rows
            .into_iter()
            .filter_map(|(id, code, path, kind)| {
                Some((code?.parse().ok()?, Node { id, path: path.into(), kind }))
            })
            .collect();
        let upper = known.iter().filter(|(_, node)| node.kind != OrgKind::Community);
        self.nodes.extend(upper.map(|(code, node)| (*code, node.clone())));
        Ok(known)
    }

    /// Hangs a new division below its parent.
    fn hang(&mut self, new: &Division, rng: &Rng, clock: &Clock) -> Result<ActiveModel, String> {
        let parent = match new.parent {
            None if Some(new.kind) == self.top => None,
            None => return Err("only the highest level has no parent_code".into()),
            Some(code) => match self.nodes.get(&code) {
                Some(parent) if may_hold(parent.kind, new.kind) => Some(parent),
                Some(parent) => {
                    let (above, below) = (spoken(parent.kind), spoken(new.kind));
                    return Err(format!(
                        "its parent {code} is a {above}, and no {below} hangs there"
                    ));
                }
                None => return Err(format!("its parent {code} is neither in the file nor known")),
            },
        };
        let now = clock.now();
        let id = rng.id(now);
        let path = path_below(parent.map_or("", |parent| &*parent.path), id);
        let row = ActiveModel {
            id: Set(id),
            parent_id: Set(parent.map(|parent| parent.id)),
            kind: Set(new.kind),
            code: Set(Some(new.code.to_string())),
            name: Set(new.name.to_string()),
            path: Set(path.clone()),
            created_at: Set(now),
        };
        if new.kind != OrgKind::Community {
            self.nodes.insert(new.code, Node { id, path: path.into(), kind: new.kind });
        }
        Ok(row)
    }
}

#[cfg(test)]
mod tests {
    use migration::{Migrator, MigratorTrait};
    use sea_orm::PaginatorTrait;

    use super::*;
    use crate::{
        kernel::clock::SystemClock,
        org,
        platform::{config::DatabaseSettings, db::Use},
    };

    const ZUNYI: &[u8] = include_bytes!("../../data/divisions_zunyi.csv");

    async fn database(folder: &tempfile::TempDir) -> Db {
        let url = format!("sqlite://{}/orgs.db", folder.path().display());
        let db =
            Db::connect(&DatabaseSettings { url, max_connections: 2 }, Use::Upkeep).await.unwrap();
        Migrator::up(db.read(), None).await.unwrap();
        db
    }

    async fn import(db: &Db, file: &[u8]) -> Result<Imported, ImportError> {
        let clock: Clock = std::sync::Arc::new(SystemClock);
        import_divisions(db, &Rng::from_seed(7), &clock, file, |_| {}).await
    }

    #[tokio::test]
    async fn zunyi_comes_in_whole_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(&folder).await;
        assert_eq!(import(&db, ZUNYI).await.unwrap(), Imported { added: 2363, known: 0 });
        assert_eq!(import(&db, ZUNYI).await.unwrap(), Imported { added: 0, known: 2363 });

        let wenhua = Entity::find().filter(Column::Code.eq("520302014004")).one(db.read()).await;
        let wenhua = wenhua.unwrap().unwrap();
        assert_eq!((wenhua.name.as_str(), wenhua.kind), ("文化社区居民委员会", OrgKind::Community));
        let city = org::ancestor_of_kind(db.read(), &wenhua, OrgKind::City).await.unwrap().unwrap();
        assert_eq!(city.name, "遵义市");
        assert!(wenhua.path.starts_with(&city.path));
    }

    #[tokio::test]
    async fn one_bad_row_and_nothing_is_imported() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(&folder).await;
        let file = "code,parent_code,level,name\n52,,province,贵州省\n5203,52,city,遵义市\n\
                    520302,9999,district,红花岗区\n52030201,5203,province,x\n520303,,district,汇川区\n";
        let why = import(&db, file.as_bytes()).await.unwrap_err().to_string();
        for row in ["row 4: its parent 9999", "row 5: its parent 5203", "row 6: only the highest"] {
            assert!(why.contains(row), "{row} is missing in:\n{why}");
        }
        assert_eq!(Entity::find().count(db.read()).await.unwrap(), 0);
    }
}
