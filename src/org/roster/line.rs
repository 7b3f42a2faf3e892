//! From cells to people: each row read by itself, then held against the others of the file.

use std::collections::HashMap;

use ::entity::membership::MemberClass;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{kernel::Day, org::party::PartyFacts, platform::http::input::readable};

use super::{
    cell::{self, Written, fold, is_blank, text_of},
    heading::{
        Field::{
            self, Born, Branch, Class, Community, Full, Gender, Joined, Name, Note, Phone, Skills,
        },
        Headings,
    },
    sheet::{Cell, ROWS_MAX, Rows, Unreadable, tables},
};

/// Something to be told about a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// As Excel shows it; 0: the file as a whole.
    pub row: u32,
    /// The heading of the column, as the file has it.
    pub column: String,
    /// Stable: `required`, `length`, `value`, `phone`, `date`, `order`, `duplicate`, `branch`, `elsewhere`,
    /// `other_name`, `same_name`; for notes `day_assumed`, `community`, `residence_kept`, `matched_by_name`.
    pub code: String,
    pub message: String,
}

/// A person as the file has them. No `Debug`: it is all about people.
#[derive(Clone)]
pub(super) struct Line {
    pub row: u32,
    pub name: String,
    pub phone: Option<String>,
    pub branch: Option<String>,
    pub community: Option<String>,
    pub class: Option<MemberClass>,
    pub skills: Vec<String>,
    pub facts: PartyFacts,
}

/// What a file says.
pub(super) struct Reading {
    pub headings: Headings,
    pub lines: Vec<Line>,
    pub faults: Vec<Finding>,
    pub notes: Vec<Finding>,
}

impl Reading {
    /// Notes a fault in a column of a row.
    pub(super) fn fault(&mut self, row: u32, field: Field, code: &str, message: impl Into<String>) {
        let column = self.headings.name(field).to_owned();
        self.faults.push(Finding { row, column, code: code.to_owned(), message: message.into() });
    }

    /// Notes what was understood in a way the reader should know of.
    pub(super) fn note(&mut self, row: u32, field: Field, code: &str, message: impl Into<String>) {
        let column = self.headings.name(field).to_owned();
        self.notes.push(Finding { row, column, code: code.to_owned(), message: message.into() });
    }
}

/// Reads a file; `today` bounds the dates in it.
///
/// # Errors
/// `Unreadable` for what is no roster at all; faults of rows are part of the reading.
pub(super) fn read(file: &[u8], today: Day) -> Result<Reading, Unreadable> {
    let mut why = Unreadable::Empty;
    for rows in tables(file)? {
        match Headings::find(&rows) {
            Ok(headings) => return people(&rows, headings, today),
            Err(error) => why = error,
        }
    }
    Err(why)
}

fn people(rows: &Rows, headings: Headings, today: Day) -> Result<Reading, Unreadable> {
    let first = headings.at + 1;
    let mut reading =
        Reading { headings, lines: Vec::new(), faults: Vec::new(), notes: Vec::new() };
    for (row, cells) in &rows[first..] {
        if is_person(&reading.headings, cells) {
            let line = Row { row: *row, cells, today, reading: &mut reading }.line();
            reading.lines.push(line);
        }
    }
    if reading.lines.len() > ROWS_MAX {
        return Err(Unreadable::TooMany);
    }
    if reading.lines.is_empty() {
        return Err(Unreadable::Empty);
    }
    compare(&mut reading);
    Ok(reading)
}

/// Whether a row is about somebody: not blank, no heading repeated on a new page, no words at the end, not the
/// template's example.
fn is_person(headings: &Headings, cells: &[Option<Cell>]) -> bool {
    const ENDINGS: &[&str] =
        &["注", "备注", "说明", "填表", "制表", "审核", "单位", "联系人", "示例"];
    const SUMS: &[&str] = &["合计", "共计", "总计", "小计"];
    let known = |field| {
        let cell = headings.column(field).and_then(|column| cells.get(column)?.as_ref());
        cell.map(text_of).filter(|text| !is_blank(text))
    };
    const FIELDS: [Field; 11] =
        [Name, Phone, Gender, Born, Joined, Full, Branch, Class, Community, Skills, Note];
    let filled = FIELDS.iter().filter(|field| known(**field).is_some()).count();
    let texts = cells.iter().flatten().map(text_of).filter(|text| !is_blank(text));
    let first = texts.into_iter().next().unwrap_or_default();
    let ends = ENDINGS.iter().chain(SUMS).any(|ending| first.starts_with(ending));
    let name = known(Name).unwrap_or_default();
    let example = name.starts_with("示例");
    let repeated = !name.is_empty() && name == fold(headings.name(Name));
    // 「合 计」 stands beside its figures, in a column of its own or among the names.
    let sum = [&first, &name].iter().any(|text| SUMS.contains(&cell::name(text).as_str()));
    let words = sum || (ends && filled <= 1) || (filled == 1 && is_words(&first));
    let nobody = filled == 0 || example || repeated || words;
    !nobody
}

/// A sentence rather than an entry.
fn is_words(text: &str) -> bool {
    text.contains([':', '：', '。']) || text.chars().count() > 30
}

/// One row while it is read.
struct Row<'a> {
    row: u32,
    cells: &'a [Option<Cell>],
    today: Day,
    reading: &'a mut Reading,
}

impl Row<'_> {
    fn cell(&self, field: Field) -> Option<&Cell> {
        let column = self.reading.headings.column(field)?;
        self.cells.get(column)?.as_ref().filter(|cell| !is_blank(&text_of(cell)))
    }

    fn fault(&mut self, field: Field, code: &str, message: &str) {
        self.reading.fault(self.row, field, code, message);
    }

    fn text(&mut self, field: Field, most: usize) -> Option<String> {
        let text = text_of(self.cell(field)?);
        if text.chars().count() > most {
            self.fault(field, "length", &format!("不能超过 {most} 个字"));
            return None;
        }
        if readable(&text).is_err() {
            self.fault(field, "value", "有显示不出来的字符");
            return None;
        }
        Some(text)
    }

    fn parsed<T>(
        &mut self,
        field: Field,
        parse: impl Fn(&str) -> Option<T>,
        message: &str,
    ) -> Option<T> {
        let text = text_of(self.cell(field)?);
        let parsed = parse(&text);
        if parsed.is_none() {
            let code = if field == Phone { "phone" } else { "value" };
            self.fault(field, code, message);
        }
        parsed
    }

    /// A day not after today and not before `from`.
    fn day(&mut self, field: Field, from: &str) -> Option<Day> {
        let found = cell::date(self.cell(field)?);
        let day = match found {
            None => {
                self.fault(field, "date", "不是完整的日期，请写成 2019-07-01 这样");
                return None;
            }
            Some(Written::On(day)) => day,
            Some(Written::In(day)) => {
                self.reading.note(self.row, field, "day_assumed", "只有年月，按当月 1 日记");
                day
            }
        };
        let early = from.parse().is_ok_and(|from| day < from);
        if day > self.today || early {
            self.fault(field, "date", &format!("日期应当在 {from} 和今天之间"));
            return None;
        }
        Some(day)
    }

    fn line(mut self) -> Line {
        let name = self.text(Name, 30).map(|text| cell::name(&text)).unwrap_or_default();
        if name.is_empty() && self.cell(Name).is_none() {
            self.fault(Name, "required", "缺少姓名");
        }
        let phone = self.parsed(Phone, cell::phone, "不是 11 位的手机号；一格只写一个号码");
        let gender = self.parsed(Gender, cell::gender, "性别请填男或女");
        let born = self.day(Born, "1900-01-01");
        let joined = self.day(Joined, "1921-07-01");
        let full = self.day(Full, "1921-07-01");
        if full.zip(joined).is_some_and(|(full, joined)| full < joined) {
            self.fault(Full, "order", "转正日期早于入党日期");
        }
        if joined.zip(born).is_some_and(|(joined, born)| joined < born.plus(18 * 365)) {
            self.fault(Joined, "order", "入党时还不满 18 岁，请核对两个日期");
        }
        let branch = self.text(Branch, 50);
        let class = self.parsed(Class, cell::class, "党员类别请填：在职、无职、流动、夕阳红或普通");
        let community = self.text(Community, 50);
        let skills = cell::skills(&self.text(Skills, 400).unwrap_or_default());
        if skills.len() > 20 || skills.iter().any(|skill| skill.chars().count() > 20) {
            self.fault(Skills, "length", "最多 20 项技能，每项不超过 20 个字，用顿号隔开");
        }
        let note = self.text(Note, 200);
        let written = |day: Option<Day>| day.map(|day| day.to_string());
        let facts = PartyFacts {
            gender,
            born_on: written(born),
            joined_on: written(joined),
            full_on: written(full),
            note,
        };
        Line { row: self.row, name, phone, branch, community, class, skills, facts }
    }
}

/// Faults that only show beside the other rows.
fn compare(reading: &mut Reading) {
    let mut phones: HashMap<String, u32> = HashMap::new();
    let mut names: HashMap<(Option<String>, String), u32> = HashMap::new();
    let mut found = Vec::new();
    for line in &reading.lines {
        if let Some(phone) = &line.phone {
            let first = *phones.entry(phone.clone()).or_insert(line.row);
            if first != line.row {
                found.push((line.row, Phone, format!("和第 {first} 行的手机号重复")));
            }
        } else if !line.name.is_empty() {
            let key = (line.branch.clone(), line.name.clone());
            let first = *names.entry(key).or_insert(line.row);
            if first != line.row {
                let told = format!("和第 {first} 行同名，又都没有手机号，分不清是不是一个人");
                found.push((line.row, Name, told));
            }
        }
    }
    for (row, field, told) in found {
        reading.fault(row, field, "duplicate", told);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(file: &str) -> Reading {
        read(file.as_bytes(), "2026-11-22".parse().unwrap()).unwrap_or_else(|why| panic!("{why}"))
    }

    fn told(file: &str) -> Vec<(u32, String, String)> {
        let faults = reading(file).faults;
        faults.into_iter().map(|one| (one.row, one.column, one.code)).collect()
    }

    #[test]
    fn every_fault_is_named_with_its_row_and_column() {
        let file = "文化社区花名册\n姓名,联系电话,出生年月,入党时间,转正日期,性别,类别\n\
            张三,13900000001,1980.1.1,2001-07-01,2002-07-01,男,在职\n\n\
            ,13900000002,,,,,\n李四,１３９,,,,,\n王五,13900000001,,,,,\n\
            赵六,,1980-1-1,1990-7-1,1989-7-1,X,群众\n孙七,,2030-1-1,,,,\n";
        let owned = |row, column: &str, code: &str| (row, column.to_owned(), code.to_owned());
        let mut told = told(file);
        told.sort();
        let mut expected = vec![
            owned(5, "姓名", "required"),
            owned(6, "联系电话", "phone"),
            owned(7, "联系电话", "duplicate"),
            owned(8, "入党时间", "order"),
            owned(8, "性别", "value"),
            owned(8, "转正日期", "order"),
            owned(8, "类别", "value"),
            owned(9, "出生年月", "date"),
        ];
        expected.sort();
        assert_eq!(told, expected);
    }

    #[test]
    fn blanks_examples_repeated_headings_and_words_at_the_end_are_nobody() {
        let file = "姓名,手机号,备注\n示例：张三,13900000000,\n张三,13900000001,\n,,\n姓名,手机号,备注\n\
            李四,13900000002,\n注：以上人员均已核对,,\n填表人：王芳,,\n合 计,2,\n";
        let reading = reading(file);
        assert!(reading.faults.is_empty(), "{:?}", reading.faults);
        let names: Vec<_> = reading.lines.iter().map(|line| line.name.as_str()).collect();
        assert_eq!(names, ["张三", "李四"]);
    }

    #[test]
    fn a_month_without_its_day_is_taken_and_told() {
        let reading = reading("姓名,入党时间\n张三,2001/07\n");
        assert_eq!(reading.lines[0].facts.joined_on.as_deref(), Some("2001-07-01"));
        assert_eq!((reading.notes[0].row, reading.notes[0].code.as_str()), (2, "day_assumed"));
    }
}
