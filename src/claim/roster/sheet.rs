//! The roster as an Excel file. Cells that a spreadsheet would take for a formula are neutralised.

use ::entity::{At, claim::CameBy, task};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::{
    kernel::{Error, day::spoken},
    platform::sheet::neutral,
};

use super::RosterLine;

const HEAD: &[(&str, f64)] = &[
    ("姓名", 12.0),
    ("手机", 14.0),
    ("状态", 10.0),
    ("签到", 16.0),
    ("签退", 16.0),
    ("签到方式", 12.0),
    ("分钟", 8.0),
    ("备注", 28.0),
];

fn way(by: CameBy) -> &'static str {
    match by {
        CameBy::Code => "签到码",
        CameBy::Place => "定位",
        CameBy::Staff => "代签",
        CameBy::Late => "补传",
    }
}

fn remarks(line: &RosterLine) -> String {
    let notes = [
        line.walk_in.then_some("现场加入"),
        line.flagged.then_some("忘记签退，请核对"),
        line.late_sent.then_some("补传签到，请核对"),
        line.absence.map(|standing| standing.said()),
    ];
    notes.into_iter().flatten().collect::<Vec<_>>().join("；")
}

/// The file's bytes.
///
/// # Errors
/// When the file cannot be made.
pub(super) fn workbook(task: &task::Model, lines: &[RosterLine]) -> Result<Vec<u8>, Error> {
    write(task, lines).map_err(|error| Error::broken("write the roster's sheet", error))
}

fn write(task: &task::Model, lines: &[RosterLine]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let page = book.add_worksheet();
    page.set_name("名单")?;
    let times = format!("{} 至 {}", spoken(task.starts_at), spoken(task.ends_at));
    page.write_string(0, 0, neutral(&task.title))?;
    page.write_string(1, 0, times)?;
    for (column, (name, width)) in (0..).zip(HEAD) {
        page.write_string_with_format(2, column, *name, &bold)?;
        page.set_column_width(column, *width)?;
    }
    let time = |at: Option<At>| at.map(spoken).unwrap_or_default();
    for (row, line) in (3..).zip(lines) {
        let cells = [
            neutral(&line.person.name),
            line.phone.clone().unwrap_or_default(),
            line.state_text.to_owned(),
            time(line.checked_in_at),
            time(line.checked_out_at),
            line.came_by.map(way).unwrap_or_default().to_owned(),
            line.minutes.map(|minutes| minutes.to_string()).unwrap_or_default(),
            remarks(line),
        ];
        for (column, cell) in (0..).zip(cells) {
            page.write_string(row, column, cell)?;
        }
    }
    book.save_to_buffer()
}
