//! CSV as Excel and WPS save it: UTF-8 with or without its mark, UTF-16 (“Unicode text”), or GB18030.

use std::borrow::Cow;

use csv::{ByteRecord, ReaderBuilder};
use encoding_rs::{Encoding, GB18030};

use super::sheet::{COLUMNS_MAX, Cell, LOOKED_AT, Rows, Unreadable};

/// # Errors
/// `NoTable` for what is no text in any of them, `TooMany`.
pub(super) fn table(file: &[u8]) -> Result<Rows, Unreadable> {
    let text = text(file)?;
    let head = text.get(..text.len().min(4096)).unwrap_or(&text);
    let count = |sign: u8| head.bytes().filter(|byte| *byte == sign).count();
    let delimiter = [b',', b'\t', b';'].into_iter().max_by_key(|sign| count(*sign)).unwrap_or(b',');
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let (mut rows, mut record, mut row) = (Rows::new(), ByteRecord::new(), 0);
    while reader.read_byte_record(&mut record).map_err(|_| Unreadable::NoTable)? {
        // The reader passes over blank lines, Excel shows each; a break within a cell begins no row in either.
        let from = record.position().map_or(0, |at| usize::try_from(at.byte()).unwrap_or_default());
        let rest = text.as_bytes().get(from..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| **byte == b'\n').count();
        row += 1 + u32::try_from(blank).unwrap_or(u32::MAX);
        let cells: Vec<_> = record.iter().take(COLUMNS_MAX).map(cell).collect();
        if cells.iter().any(Option::is_some) {
            rows.push((row, cells));
        }
        if rows.len() > LOOKED_AT {
            return Err(Unreadable::TooMany);
        }
    }
    Ok(rows)
}

fn cell(bytes: &[u8]) -> Option<Cell> {
    let text = String::from_utf8_lossy(bytes);
    (!text.trim().is_empty()).then(|| Cell::Text(text.into_owned()))
}

/// The text, whichever of the encodings it is valid in.
fn text(file: &[u8]) -> Result<Cow<'_, str>, Unreadable> {
    if let Some((encoding, mark)) = Encoding::for_bom(file) {
        let text = encoding.decode_without_bom_handling_and_without_replacement(&file[mark..]);
        return text.ok_or(Unreadable::NoTable).and_then(printed);
    }
    match std::str::from_utf8(file) {
        Ok(text) => printed(text.into()),
        Err(_) => GB18030
            .decode_without_bom_handling_and_without_replacement(file)
            .ok_or(Unreadable::NoTable)
            .and_then(printed),
    }
}

/// With lines that end in one manner. A picture or a program may be valid in an encoding, too.
fn printed(text: Cow<'_, str>) -> Result<Cow<'_, str>, Unreadable> {
    match &*text {
        binary if binary.contains('\0') => Err(Unreadable::NoTable),
        windows if windows.contains('\r') => {
            Ok(windows.replace("\r\n", "\n").replace('\r', "\n").into())
        }
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str =
        "姓名,手机号\n\n\n\"张\n\n三\",13900000001\n李四,13900000002\n,\n王五,13900000003\n\n";

    fn rows(file: &[u8]) -> Vec<u32> {
        table(file).unwrap().into_iter().map(|(row, _)| row).collect()
    }

    #[test]
    fn rows_are_numbered_as_excel_shows_them() {
        for end in ["\n", "\r\n", "\r"] {
            assert_eq!(rows(FILE.replace('\n', end).as_bytes()), [1, 4, 5, 7], "{end:?}");
        }
        assert_eq!(rows("\n\n姓名,手机号\n张三,1".as_bytes()), [3, 4]);
    }

    #[test]
    fn every_encoding_excel_saves_reads_the_same() {
        let plain = table(FILE.as_bytes()).unwrap();
        let marked = [b"\xef\xbb\xbf", FILE.as_bytes()].concat();
        let (gb, _, _) = GB18030.encode(FILE);
        let tabs = FILE.replace(',', "\t");
        let wide: Vec<u8> =
            [0xfeff].into_iter().chain(tabs.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        for file in [&marked[..], &gb[..], &wide] {
            assert_eq!(table(file).unwrap(), plain);
        }
        assert_eq!(table(b"\x00\x01\x02PNG"), Err(Unreadable::NoTable));
        assert_eq!(table(b"\xff\xff\xff\xff"), Err(Unreadable::NoTable));
    }
}
