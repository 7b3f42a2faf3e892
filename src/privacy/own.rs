//! 导出本人数据: everything of one's own, by table, as JSON. Sealed fields are opened; secrets of the house (hashes,
//! fingerprints) are left out.

use ::entity::At;
use sea_orm::{
    Condition, EntityTrait, IdenStatic, Iterable, ModelTrait, QueryFilter,
    sea_query::{Value as Stored, sea_value_to_json_value},
};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    audit::{self, Act, Deed},
    kernel::Error,
    platform::{AppState, db::Step},
};

use super::model::{SEALED, traces};

/// All of a person's rows, by table; one that belongs to them in two ways stands there once. The export is audited
/// before it is read.
pub(super) async fn export(state: &AppState, person: Uuid) -> Result<Map<String, Value>, Error> {
    let tx = state.db.write().await?;
    let deed = Deed {
        act: Act::OwnDataExported,
        actor_id: Some(person),
        org_id: None,
        subject_id: Some(person),
        why: None,
    };
    audit::record(&tx, state, deed).await?;
    tx.commit().await?;
    let mut all: Map<String, Value> = Map::new();
    for trace in traces().iter().filter(|trace| trace.theirs) {
        let rows = (trace.read)(state, trace.of(person)).await?;
        let listed = all.entry(&trace.table).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(listed) = listed {
            for row in rows {
                if !listed.contains(&row) {
                    listed.push(row);
                }
            }
        }
    }
    Ok(all)
}

/// The rows of a table that fit, each column in a form people can read.
pub(super) async fn rows<E>(state: &AppState, of: Condition) -> Result<Vec<Value>, Error>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E>,
{
    let found = E::find().filter(of).all(state.db.read()).await.step("read one's own rows")?;
    found.iter().map(|row| readable::<E>(state, row).map(Value::Object)).collect()
}

fn readable<E>(state: &AppState, row: &E::Model) -> Result<Map<String, Value>, Error>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E>,
{
    let table = E::default().table_name().to_owned();
    let stored = |name: &str| {
        let column = E::Column::iter().find(|column| column.as_str() == name);
        column.map(|column| row.get(column))
    };
    let mut shown = Map::new();
    for column in E::Column::iter() {
        let name = column.as_str();
        if name.ends_with("_hash") || name.ends_with("_index") {
            continue;
        }
        let sealed = SEALED.iter().find(|(of, one, _)| *of == table && *one == name);
        let value = match (sealed, row.get(column)) {
            (Some((.., id)), Stored::String(Some(text))) => {
                let Some(Stored::Uuid(Some(id))) = stored(id) else {
                    return Err(Error::impossible("find what a field is sealed for"));
                };
                let sealed = ::entity::Sealed(text.to_string());
                state.crypto.open(&format!("{table}.{name}"), id, &sealed)?.into()
            }
            (_, Stored::BigInt(Some(ms))) if is_time(ms) => At(ms).to_string().into(),
            (_, value) => sea_value_to_json_value(&value),
        };
        shown.insert(name.to_owned(), value);
    }
    Ok(shown)
}

/// Whether a big number is an instant in milliseconds: of no other column of ours does one have 13 digits.
fn is_time(number: i64) -> bool {
    (1_000_000_000_000..10_000_000_000_000).contains(&number)
}
