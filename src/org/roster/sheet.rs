//! A table as it came: rows with their numbers as Excel shows them, and cells that are text, a number or a day.

use crate::kernel::Day;

use super::{csv, xlsx};

/// People in one file, at most.
pub(super) const ROWS_MAX: usize = 20_000;
/// Rows of a file that are looked at: people, titles above, blanks and notes between and below.
pub(super) const LOOKED_AT: usize = ROWS_MAX + 2_000;
/// Columns that are looked at.
pub(super) const COLUMNS_MAX: usize = 64;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Text(String),
    Number(f64),
    Day(Day),
}

/// Cells by row, and the row's number as Excel shows it.
pub(super) type Rows = Vec<(u32, Vec<Option<Cell>>)>;

/// Why a file is no roster.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("neither .xlsx nor CSV")]
    NoTable,
    #[error("an .xls of before 2007")]
    OldExcel,
    #[error("it unpacks to far more than a roster holds")]
    Swollen,
    #[error("no row of headings among the first ten")]
    NoHeadings,
    #[error("two columns mean the same: {0} and {1}")]
    Twice(String, String),
    #[error("more than {ROWS_MAX} people")]
    TooMany,
    #[error("nobody below the headings")]
    Empty,
}

impl Unreadable {
    /// In words for the one who sent it.
    pub(super) fn zh(&self) -> String {
        match self {
            Self::NoTable => "这个文件读不出表格，请用 .xlsx 或 .csv（UTF-8 或 GB18030）".into(),
            Self::OldExcel => "这是老格式的 .xls，请在 Excel 里另存为 .xlsx 再导入".into(),
            Self::Swollen => "这个文件解开以后太大，不像花名册，请另存一份只有名单的再导入".into(),
            Self::NoHeadings => {
                "前 10 行里没有找到表头，至少要有「姓名」和另一列，可以先下载模板".into()
            }
            Self::Twice(one, two) => format!("「{one}」和「{two}」是同一项内容，请只留一列"),
            Self::TooMany => format!("一次最多导入 {ROWS_MAX} 人，请分成几份"),
            Self::Empty => "表头下面没有人".into(),
        }
    }
}

/// The tables of a file, in the order people see them.
///
/// # Errors
/// `Unreadable` where it is neither kind of file or holds too much.
pub(super) fn tables(file: &[u8]) -> Result<Vec<Rows>, Unreadable> {
    match file {
        [b'P', b'K', 3, 4, ..] => xlsx::tables(file),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(Unreadable::OldExcel),
        _ => Ok(vec![csv::table(file)?]),
    }
}
