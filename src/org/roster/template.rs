//! 模板: an Excel file to fill in, with the headings that are understood, an example and what to know.

use rust_xlsxwriter::{DataValidation, Format, Workbook, Worksheet, XlsxError};

use crate::kernel::Error;

use super::{
    heading::{
        Field::{
            self, Born, Branch, Class, Community, Full, Gender, Joined, Name, Note, Phone, Skills,
        },
        spoken,
    },
    sheet::ROWS_MAX,
};

const COLUMNS: &[(Field, &str, f64)] = &[
    (Name, "示例：张三", 14.0),
    (Phone, "13800000000", 15.0),
    (Gender, "男", 8.0),
    (Born, "1980-01-01", 13.0),
    (Joined, "2001-07-01", 13.0),
    (Full, "2002-07-01", 13.0),
    (Branch, "文化社区第一党支部", 24.0),
    (Class, "在职", 12.0),
    (Community, "文化社区", 18.0),
    (Skills, "急救、电工", 22.0),
    (Note, "这一行是示例，不会导入", 28.0),
];

const NOTES: &[&str] = &[
    "填写说明",
    "1. 「姓名」必填，其余可以留空；列的先后和多少可以改，标题上面也可以有别的文字。",
    "2. 手机号填 11 位；同一个手机号只属于一个人，本人用它登录后就接上这份档案。",
    "3. 日期写成 2019-07-01、2019.7.1 或 2019年7月1日；只写年月的按当月 1 日记。",
    "4. 从支部导入时「支部」可以不填；从社区、街道导入时每行都要填，和组织树里的名称一样。",
    "5. 党员类别：在职、无职、流动、夕阳红、普通。多项技能用顿号隔开。",
    "6. 有一行不对，整份都不会导入；改好再传，已经导入过的不会重复。可以先试导。",
    "7. 不要填身份证号、住址等这里没有的内容，系统不会读取。",
];

/// The workbook.
///
/// # Errors
/// When it cannot be written, which would be a fault of ours.
pub(super) fn template() -> Result<Vec<u8>, Error> {
    book().map_err(|error| Error::broken("write the roster's template", error))
}

fn book() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    people(book.add_worksheet())?;
    let notes = book.add_worksheet().set_name("填写说明")?;
    notes.set_column_width(0, 90)?;
    for (row, note) in (0..).zip(NOTES) {
        notes.write_string(row, 0, *note)?;
    }
    book.save_to_buffer()
}

fn people(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("花名册")?;
    let (heading, text) = (Format::new().set_bold(), Format::new().set_num_format("@"));
    let example = Format::new().set_num_format("@").set_italic();
    for (column, (field, words, width)) in (0..).zip(COLUMNS) {
        sheet.set_column_width(column, *width)?;
        // As text, so that Excel leaves phones and dates as they are typed.
        sheet.set_column_format(column, &text)?;
        sheet.write_string_with_format(0, column, spoken(*field), &heading)?;
        sheet.write_string_with_format(1, column, *words, &example)?;
        let choices: &[&str] = match field {
            Gender => &["男", "女"],
            Class => &["在职", "无职", "流动", "夕阳红", "普通"],
            _ => continue,
        };
        let last = u32::try_from(ROWS_MAX).unwrap_or(u32::MAX);
        let rule = DataValidation::new().allow_list_strings(choices)?;
        sheet.add_data_validation(1, column, last, column, &rule)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::org::roster::{heading::Headings, line, sheet::Unreadable, xlsx};

    #[test]
    fn the_template_is_understood_and_its_example_is_nobody() {
        let file = template().unwrap();
        let headings = Headings::find(&xlsx::tables(&file).unwrap()[0]).unwrap();
        assert!(headings.ignored.is_empty());
        assert!(COLUMNS.iter().all(|(field, ..)| headings.column(*field).is_some()));
        let read = line::read(&file, "2026-11-22".parse().unwrap()).map(|_| ());
        assert_eq!(read, Err(Unreadable::Empty));
    }
}
