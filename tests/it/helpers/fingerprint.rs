//! The whole database as text, to prove that nothing in it changed: every table of the schema, every row.

use std::collections::{BTreeMap, BTreeSet};

use super::{TestApp, dump};

/// Every row of every table.
#[derive(Clone, PartialEq, Eq)]
pub struct Fingerprint(BTreeMap<String, BTreeSet<String>>);

impl TestApp {
    /// What is in the database now, but for the tables in `apart`.
    pub async fn fingerprint(&self, apart: &[&str]) -> Fingerprint {
        let db = self.state.db.read();
        let mut all = BTreeMap::new();
        for table in dump::tables(db).await {
            if !apart.contains(&table.as_str()) {
                let rows = dump::rows(db, &table).await;
                all.insert(table, rows.into_iter().collect());
            }
        }
        assert!(all.len() > 10, "these are not all tables: {:?}", all.keys());
        Fingerprint(all)
    }
}

impl Fingerprint {
    /// Fails with the rows that came and went.
    #[track_caller]
    pub fn assert_same(&self, after: &Self, what: &str) {
        let changes = self.0.iter().flat_map(|(table, rows)| {
            let now = after.0.get(table).unwrap_or(rows);
            let gone = rows.difference(now).map(move |row| format!("- {table}: {row}"));
            gone.chain(now.difference(rows).map(move |row| format!("+ {table}: {row}")))
        });
        let changes: Vec<_> = changes.collect();
        assert!(changes.is_empty(), "{what} changed the database:\n{}", changes.join("\n"));
        assert!(self == after, "{what} changed the tables");
    }

    /// Whether a text stands anywhere.
    pub fn contains(&self, text: &str) -> bool {
        self.0.values().flatten().any(|row| row.contains(text))
    }

    /// How many rows a table has.
    pub fn count(&self, table: &str) -> usize {
        self.0[table].len()
    }
}
