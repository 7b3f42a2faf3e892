//! 节假日: the State Council's calendar as promises and monthly days count it. It comes from a file, a year at a time;
//! where nothing was imported, weekends alone are off.

use std::{collections::HashSet, io::Read};

use ::entity::holiday::{ActiveModel, Column, Entity, HolidayKind};
use csv::{ReaderBuilder, Trim};
use sea_orm::{
    ActiveEnum, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::OnConflict,
};
use serde::Deserialize;

use crate::{
    kernel::{Day, Error, day::Holidays},
    platform::{Db, db::Step},
};

use super::import::{Faults, ImportError};

const COLUMNS: [&str; 3] = ["date", "kind", "name"];

#[derive(Deserialize)]
struct Line {
    date: String,
    kind: String,
    name: String,
}

/// What the calendar says of the days from `from` to `to`. Public.
///
/// # Errors
/// When the rows cannot be read.
pub async fn holidays(db: &impl ConnectionTrait, from: Day, to: Day) -> Result<Holidays, Error> {
    let rows = Entity::find()
        .filter(Column::Date.gte(from.to_string()))
        .filter(Column::Date.lte(to.to_string()))
        .all(db)
        .await
        .step("read the holidays")?;
    let days = rows.into_iter().filter_map(|row| {
        let day = row.date.parse().ok()?;
        Some((day, row.kind == HolidayKind::Work))
    });
    Ok(Holidays::new(days))
}

/// The `n`th working day after a day, by the calendar.
///
/// # Errors
/// When the calendar cannot be read.
pub async fn working_day_after(db: &impl ConnectionTrait, day: Day, n: u32) -> Result<Day, Error> {
    // Weekends double the count at most; the longest holiday is shorter than a month.
    let far = day.plus(i64::from(n) * 2 + 31);
    Ok(day.plus_working_days(n, &holidays(db, day, far).await?))
}

/// Imports a calendar: CSV in UTF-8 with the columns `date,kind,name`; `kind` is `off` or `work`. A day that is
/// known is written anew, so a file may be corrected and imported again. Answers how many days it named.
///
/// # Errors
/// `Rows` with every row that is not right, and nothing was imported; `Unreadable` or `Column` for the file.
pub async fn import_holidays(db: &Db, file: impl Read) -> Result<usize, ImportError> {
    let rows = read(file)?;
    let named = rows.len();
    if named > 0 {
        let anew = OnConflict::column(Column::Date)
            .update_columns([Column::Kind, Column::Name])
            .to_owned();
        let tx = db.write().await?;
        let stored = Entity::insert_many(rows).on_conflict(anew).exec_without_returning(&*tx).await;
        stored.step("import the holidays")?;
        tx.commit().await?;
    }
    Ok(named)
}

fn read(file: impl Read) -> Result<Vec<ActiveModel>, ImportError> {
    let mut csv = ReaderBuilder::new().trim(Trim::All).flexible(true).from_reader(file);
    let headers = csv.headers()?.clone();
    if let Some(missing) = COLUMNS.iter().find(|name| !headers.iter().any(|have| have == **name)) {
        return Err(ImportError::Column(missing));
    }
    let (mut rows, mut seen, mut faults) = (Vec::new(), HashSet::new(), Faults::default());
    for (at, record) in csv.records().enumerate() {
        let row = at as u64 + 2;
        match record?.deserialize::<Line>(Some(&headers)).map_err(|_| "a column is missing") {
            Ok(line) if !seen.insert(line.date.clone()) => {
                faults.add(row, format!("{} is named twice", line.date));
            }
            Ok(line) => match holiday(line) {
                Ok(one) => rows.push(one),
                Err(why) => faults.add(row, why),
            },
            Err(why) => faults.add(row, why),
        }
    }
    faults.none()?;
    Ok(rows)
}

fn holiday(line: Line) -> Result<ActiveModel, &'static str> {
    let day: Day = line.date.parse().map_err(|_| "a date is written 2026-10-01")?;
    let kind = HolidayKind::try_from_value(&line.kind).map_err(|_| "a kind is off or work")?;
    if line.name.is_empty() || line.name.chars().count() > 20 {
        return Err("a name has 1 to 20 signs");
    }
    Ok(ActiveModel { date: Set(day.to_string()), kind: Set(kind), name: Set(line.name) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calendar_of_2026_is_whole() {
        let file = include_bytes!("../../data/holidays_2026.csv");
        let rows = read(&file[..]).unwrap();
        let of = |kind| rows.iter().filter(|row| row.kind == Set(kind)).count();
        assert_eq!((of(HolidayKind::Off), of(HolidayKind::Work)), (33, 6));
        for row in rows {
            let (Set(date), Set(HolidayKind::Work)) = (row.date, row.kind) else { continue };
            assert!(date.parse::<Day>().unwrap().is_weekend(), "{date} is worked instead");
        }
    }

    #[test]
    fn every_bad_row_is_named_by_its_number() {
        let file = "date,kind,name\n2026-10-01,off,国庆节\n2026-13-01,off,x\n2026-10-02,free,x\n\
                    2026-10-01,off,国庆节\n2026-10-03,off,\n";
        let why = read(file.as_bytes()).unwrap_err().to_string();
        for row in ["row 3:", "row 4:", "row 5:", "row 6:"] {
            assert!(why.contains(row), "{row} is missing in:\n{why}");
        }
        assert!(!why.contains("row 2:"), "{why}");
        assert!(read("date,name\n".as_bytes()).unwrap_err().to_string().contains("kind"));
    }
}
