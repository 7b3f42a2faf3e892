//! 通报: how a month went, as text to send and as an Excel file. It names orgs, never people.

use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    kernel::{Error, Month},
    platform::sheet::neutral,
};

use super::{
    figures::{StandingLine, ThemeDayRates},
    model::DayStanding,
};

/// A circular to read, copy and send.
#[derive(Debug, Serialize, ToSchema)]
pub struct CircularView {
    pub title: String,
    pub text: String,
    pub total: ThemeDayRates,
    pub lines: Vec<StandingLine>,
}

/// From the lines of a month.
pub(super) fn circular(org: &str, month: Month, lines: Vec<StandingLine>) -> CircularView {
    let total = ThemeDayRates::over(&lines);
    CircularView { title: title(org, month), text: text(&total, &lines), total, lines }
}

fn title(org: &str, month: Month) -> String {
    let text = month.to_string();
    let (year, number) = text.split_once('-').unwrap_or((&text, ""));
    format!("{org}{year}年{}月主题党日开展情况通报", number.trim_start_matches('0'))
}

fn text(total: &ThemeDayRates, lines: &[StandingLine]) -> String {
    let mut text = format!(
        "本月应开展 {} 个，已交记录 {} 个，其中按时 {} 个，审核通过 {} 个。",
        total.due, total.recorded, total.on_time, total.approved
    );
    if let Some(rate) = total.attendance_rate {
        text.push_str(&format!(
            "应到 {} 人次，实到 {} 人次，到会率 {rate}%。",
            total.expected, total.came
        ));
    }
    for standing in [DayStanding::NotPlanned, DayStanding::RecordMissing, DayStanding::Returned] {
        let orgs = lines.iter().filter(|line| line.standing == standing);
        let orgs: Vec<_> = orgs.map(|line| line.org_name.as_str()).collect();
        if !orgs.is_empty() {
            text.push_str(&format!("\n{}：{}。", standing.spoken(), orgs.join("、")));
        }
    }
    text
}

const HEAD: [(&str, f64); 8] = [
    ("组织", 28.0),
    ("日期", 12.0),
    ("主题", 36.0),
    ("情况", 16.0),
    ("按时", 8.0),
    ("应到", 8.0),
    ("实到", 8.0),
    ("到会率", 10.0),
];

/// The file's bytes.
///
/// # Errors
/// When the file cannot be made.
pub(super) fn workbook(view: &CircularView) -> Result<Vec<u8>, Error> {
    write(view).map_err(|error| Error::broken("write the circular's sheet", error))
}

fn write(view: &CircularView) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let page = book.add_worksheet();
    page.set_name("通报")?;
    page.write_string_with_format(0, 0, neutral(&view.title), &bold)?;
    page.write_string(1, 0, neutral(&view.text.replace('\n', " ")))?;
    for (column, (name, width)) in (0..).zip(HEAD) {
        page.write_string_with_format(2, column, name, &bold)?;
        page.set_column_width(column, width)?;
    }
    let number = |n: Option<i32>| n.map(|n| n.to_string()).unwrap_or_default();
    for (row, line) in (3..).zip(&view.lines) {
        let rate = ThemeDayRates::over([line]).attendance_rate;
        let cells = [
            neutral(&line.org_name),
            line.date.clone(),
            neutral(line.theme.as_deref().unwrap_or_default()),
            line.standing_text.to_owned(),
            if line.on_time { "是".to_owned() } else { String::new() },
            number(line.expected),
            number(line.came),
            rate.map(|rate| format!("{rate}%")).unwrap_or_default(),
        ];
        for (column, cell) in (0..).zip(cells) {
            page.write_string(row, column, cell)?;
        }
    }
    book.save_to_buffer()
}
