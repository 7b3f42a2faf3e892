//! .xlsx, read cell by cell, so that a small file that claims to be a huge sheet stays small.

use std::io::{Cursor, Read, copy, sink};

use calamine::{DataRef, Reader, SheetVisible, Xlsx};
use zip::ZipArchive;

use super::{
    cell::day_of,
    sheet::{COLUMNS_MAX, Cell, LOOKED_AT, Rows, Unreadable},
};

/// All parts of a file together, unpacked, bytes.
const UNPACKED_MAX: u64 = 128 << 20;
/// Parts of a file; a roster has about a dozen.
const PARTS_MAX: usize = 500;
/// Sheets that are looked at.
const SHEETS_MAX: usize = 10;

/// Every visible sheet.
///
/// # Errors
/// `NoTable` for what cannot be read, `Swollen` before anything of it is kept, `TooMany`.
pub(super) fn tables(file: &[u8]) -> Result<Vec<Rows>, Unreadable> {
    measure(file)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).map_err(|_| Unreadable::NoTable)?;
    let visible = book.sheets_metadata().iter().filter(|one| one.visible == SheetVisible::Visible);
    let names: Vec<_> = visible.take(SHEETS_MAX).map(|sheet| sheet.name.clone()).collect();
    names.iter().map(|name| sheet(&mut book, name)).collect()
}

/// Unpacks it once into nothing: what the parts claim of their size need not be true.
fn measure(file: &[u8]) -> Result<(), Unreadable> {
    let mut parts = ZipArchive::new(Cursor::new(file)).map_err(|_| Unreadable::NoTable)?;
    if parts.len() > PARTS_MAX {
        return Err(Unreadable::Swollen);
    }
    let mut left = UNPACKED_MAX;
    for at in 0..parts.len() {
        let part = parts.by_index(at).map_err(|_| Unreadable::NoTable)?;
        let size = copy(&mut part.take(left + 1), &mut sink()).map_err(|_| Unreadable::NoTable)?;
        left = left.checked_sub(size).ok_or(Unreadable::Swollen)?;
    }
    Ok(())
}

fn sheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Rows, Unreadable> {
    let broken = |_| Unreadable::NoTable;
    let merged = book.merge_cells_by_sheet_name(name).map_err(broken)?;
    let mut cells = book.worksheet_cells_reader(name).map_err(broken)?;
    let mut rows = Rows::new();
    while let Some(found) = cells.next_cell().map_err(broken)? {
        let (row, column) = found.get_position();
        let (number, column) = (row + 1, column as usize);
        let Some(cell) = cell(found.get_value()).filter(|_| column < COLUMNS_MAX) else { continue };
        if rows.last().is_none_or(|(last, _)| *last != number) {
            rows.push((number, Vec::new()));
        }
        if rows.len() > LOOKED_AT {
            return Err(Unreadable::TooMany);
        }
        let Some((_, line)) = rows.last_mut() else { continue };
        if line.len() <= column {
            line.resize(column + 1, None);
        }
        line[column] = Some(cell);
    }
    // A branch written once beside all its members: the cell belongs to every row it covers.
    for region in merged.iter().filter(|region| region.start.1 == region.end.1) {
        spread(&mut rows, region.start.0 + 1, region.end.0 + 1, region.start.1 as usize);
    }
    Ok(rows)
}

fn spread(rows: &mut Rows, first: u32, last: u32, column: usize) {
    let from = rows.partition_point(|(row, _)| *row < first);
    let value = match rows.get(from) {
        Some((row, cells)) if *row == first => cells.get(column).cloned().flatten(),
        _ => None,
    };
    let Some(value) = value else { return };
    for (_, cells) in rows[from..].iter_mut().take_while(|(row, _)| *row <= last) {
        if cells.len() <= column {
            cells.resize(column + 1, None);
        }
        cells[column].get_or_insert_with(|| value.clone());
    }
}

fn cell(value: &DataRef<'_>) -> Option<Cell> {
    let text = |text: &str| (!text.trim().is_empty()).then(|| Cell::Text(text.to_owned()));
    match value {
        DataRef::Int(number) => Some(Cell::Number(*number as f64)),
        DataRef::Float(number) => Some(Cell::Number(*number)),
        DataRef::String(words) => text(words),
        DataRef::SharedString(words) => text(words),
        DataRef::DateTime(when) => {
            let (year, month, day, ..) = when.to_ymd_hms_milli();
            let day = day_of(year.into(), month.into(), day.into());
            Some(day.map_or(Cell::Number(when.as_f64()), Cell::Day))
        }
        DataRef::DateTimeIso(words) => text(words),
        DataRef::Bool(_) | DataRef::DurationIso(_) | DataRef::Error(_) | DataRef::Empty => None,
    }
}
