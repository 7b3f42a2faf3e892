//! A division tree as a file: CSV in UTF-8 with the columns `code,parent_code,level,name`, in any order of columns
//! and rows. The whole country is 660,000 rows, so a row is kept small.

use std::{fmt, io::Read, str::FromStr};

use ::entity::org::OrgKind;
use csv::{ReaderBuilder, StringRecord, Trim};
use serde::Deserialize;

use super::{
    import::{Faults, ImportError},
    model::rank,
};

const COLUMNS: [&str; 4] = ["code", "parent_code", "level", "name"];

/// An official code of 2 to 12 digits (国家统计局), held as a number behind a leading 1: small, no zero lost,
/// and shorter codes come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Code(u64);

impl FromStr for Code {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !(2..=12).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err("a code has 2 to 12 digits");
        }
        format!("1{text}").parse().map(Self).map_err(|_| "a code has 2 to 12 digits")
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_string()[1..])
    }
}

/// One division as the file has it.
#[derive(Debug)]
pub(super) struct Division {
    /// Counted as a spreadsheet does: the header is row 1.
    pub row: u64,
    pub code: Code,
    pub parent: Option<Code>,
    pub kind: OrgKind,
    pub name: Box<str>,
}

#[derive(Deserialize)]
struct Line<'a> {
    code: &'a str,
    parent_code: &'a str,
    level: &'a str,
    name: &'a str,
}

impl Line<'_> {
    fn parse(&self, row: u64) -> Result<Division, &'static str> {
        let kind = match self.level {
            "province" => OrgKind::Province,
            "city" => OrgKind::City,
            "district" => OrgKind::District,
            "street" => OrgKind::Street,
            "community" => OrgKind::Community,
            _ => return Err("a level is province, city, district, street or community"),
        };
        if self.name.is_empty() || self.name.chars().count() > 50 {
            return Err("a name has 1 to 50 signs");
        }
        let parent = Some(self.parent_code).filter(|code| !code.is_empty());
        let parent = parent.map(str::parse).transpose()?;
        Ok(Division { row, code: self.code.parse()?, parent, kind, name: self.name.into() })
    }
}

/// Reads a file, from the highest level down and by code within each.
///
/// # Errors
/// When it is no CSV in UTF-8 or lacks a column; otherwise every row that is not right, by its number.
pub(super) fn read(file: impl Read) -> Result<Vec<Division>, ImportError> {
    let mut csv = ReaderBuilder::new().trim(Trim::All).flexible(true).from_reader(file);
    let headers = csv.headers()?.clone();
    if let Some(missing) = COLUMNS.iter().find(|name| !headers.iter().any(|have| have == **name)) {
        return Err(ImportError::Column(missing));
    }
    let (mut divisions, mut faults) = (Vec::new(), Faults::default());
    let mut record = StringRecord::new();
    let mut row = 1;
    while csv.read_record(&mut record)? {
        row += 1;
        let line = record.deserialize::<Line>(Some(&headers)).map_err(|_| "a column is missing");
        match line.and_then(|line| line.parse(row)) {
            Ok(division) => divisions.push(division),
            Err(why) => faults.add(row, why),
        }
    }
    divisions.sort_unstable_by_key(|division| (division.code, division.row));
    for pair in divisions.windows(2).filter(|pair| pair[0].code == pair[1].code) {
        faults.add(
            pair[1].row,
            format!("code {} stands in row {} already", pair[1].code, pair[0].row),
        );
    }
    faults.none()?;
    divisions.sort_by_key(|division| rank(division.kind));
    Ok(divisions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_keeps_its_zeros_and_shorter_ones_come_first() {
        let code = |text: &str| text.parse::<Code>().unwrap();
        assert_eq!(code("052030201").to_string(), "052030201");
        assert!(code("99") < code("5203") && code("5203") < code("5204"));
        for bad in ["", "5", "5203020140041", "52a", "５２"] {
            assert!(bad.parse::<Code>().is_err(), "{bad}");
        }
    }

    #[test]
    fn columns_and_rows_may_come_in_any_order() {
        let file = "\u{feff}name,level,code,parent_code\n 文化社区 ,community,520302014004,520302014\n\
                    \"贵州省\",province,52,\n";
        let read = read(file.as_bytes()).unwrap();
        let names: Vec<_> = read.iter().map(|division| (&*division.name, division.row)).collect();
        assert_eq!(names, [("贵州省", 3), ("文化社区", 2)]);
        assert_eq!(read[0].parent, None);
    }

    #[test]
    fn every_bad_row_is_named_by_its_number() {
        let file = "code,parent_code,level,name\n52,,province,贵州省\n5203,52,town,遵义市\n\
                    52,,province,贵州\n,52,city,x\n5204,52,city\n5205,52,city,\n";
        let why = read(file.as_bytes()).unwrap_err().to_string();
        for row in ["row 3:", "row 4: code 52 stands in row 2", "row 5:", "row 6:", "row 7:"] {
            assert!(why.contains(row), "{row} is missing in:\n{why}");
        }
        assert!(!why.contains("row 2:"), "{why}");
    }

    #[test]
    fn a_missing_column_is_named() {
        let why = read("code,level,name\n".as_bytes()).unwrap_err().to_string();
        assert!(why.contains("parent_code"), "{why}");
    }
}
