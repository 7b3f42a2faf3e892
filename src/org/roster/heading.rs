//! Which column is what: headings by their synonyms, in any order, below whatever titles stand above.

use super::{
    cell::{fold, text_of},
    sheet::{Rows, Unreadable},
};

/// What a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Field {
    Name,
    Phone,
    Gender,
    Born,
    Joined,
    Full,
    Branch,
    Class,
    Community,
    Skills,
    Note,
}
use Field::{Born, Branch, Class, Community, Full, Gender, Joined, Name, Note, Phone, Skills};

/// The first heading of each stands in the template.
pub(super) const HEADINGS: &[(Field, &[&str])] = &[
    (Name, &["姓名", "党员姓名", "名字", "成员姓名"]),
    (
        Phone,
        &["手机号", "电话", "联系电话", "手机", "手机号码", "联系方式", "电话号码", "移动电话"],
    ),
    (Gender, &["性别"]),
    (Born, &["出生日期", "出生年月", "出生年月日", "生日", "出生时间"]),
    (
        Joined,
        &[
            "入党日期",
            "入党时间",
            "加入党组织日期",
            "加入中共组织日期",
            "加入党组织时间",
            "入党年月",
        ],
    ),
    (Full, &["转正日期", "转正时间", "转为正式党员日期", "转为正式党员时间"]),
    (
        Branch,
        &[
            "支部",
            "所在党支部",
            "所在支部",
            "党支部",
            "所属支部",
            "所属党支部",
            "支部名称",
            "党小组",
        ],
    ),
    (Class, &["党员类别", "类别", "党员类型", "人员类别"]),
    (Community, &["居住社区", "居住地社区", "现居社区", "所在社区", "报到社区"]),
    (Skills, &["技能", "特长", "技能特长", "专长", "服务技能"]),
    (Note, &["备注", "说明"]),
];

/// Rows among which the headings are looked for.
const SOUGHT: usize = 10;

/// Where the headings stand and what each column holds.
#[derive(Debug)]
pub(super) struct Headings {
    /// Position of their row among the rows.
    pub at: usize,
    columns: Vec<(Field, usize, String)>,
    /// Headings that mean nothing here; their columns are not read.
    pub ignored: Vec<String>,
}

impl Headings {
    /// The column of a field.
    pub(super) fn column(&self, field: Field) -> Option<usize> {
        self.columns.iter().find(|(known, ..)| *known == field).map(|(_, column, _)| *column)
    }

    /// What the file calls a field.
    pub(super) fn name(&self, field: Field) -> &str {
        let own = self.columns.iter().find(|(known, ..)| *known == field).map(|(.., name)| name);
        own.map_or_else(|| spoken(field), String::as_str)
    }

    /// Finds them.
    ///
    /// # Errors
    /// `NoHeadings`, or `Twice` where two columns mean the same.
    pub(super) fn find(rows: &Rows) -> Result<Self, Unreadable> {
        for (at, (_, cells)) in rows.iter().take(SOUGHT).enumerate() {
            let mut found = Self { at, columns: Vec::new(), ignored: Vec::new() };
            let mut twice = None;
            for (column, cell) in cells.iter().enumerate() {
                let Some(text) = cell.as_ref().map(text_of) else { continue };
                match meaning(&text) {
                    None => found.ignored.push(text),
                    Some(field) => {
                        if found.column(field).is_some() {
                            let first = found.name(field).to_owned();
                            twice = Some(Unreadable::Twice(first, text.clone()));
                        }
                        found.columns.push((field, column, text));
                    }
                }
            }
            if found.column(Name).is_some() && found.columns.len() > 1 {
                return twice.map_or(Ok(found), Err);
            }
        }
        Err(Unreadable::NoHeadings)
    }
}

/// The plain name of a field.
pub(super) fn spoken(field: Field) -> &'static str {
    HEADINGS.iter().find(|(known, _)| *known == field).map_or("", |(_, names)| names[0])
}

/// What a heading means, without what people add to it: blanks, stars, `（必填）`.
fn meaning(heading: &str) -> Option<Field> {
    let mut inside = false;
    let plain: String = fold(heading)
        .chars()
        .filter(|sign| {
            inside = (inside || matches!(sign, '(' | '[')) && !matches!(sign, ')' | ']');
            !inside && !sign.is_whitespace() && !matches!(sign, '*' | ':' | ')' | ']' | '、' | '.')
        })
        .collect();
    HEADINGS.iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(field, _)| *field)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::org::roster::sheet::Cell;

    fn rows(lines: &[&[&str]]) -> Rows {
        let cell = |text: &&str| (!text.is_empty()).then(|| Cell::Text((*text).to_owned()));
        let line = |line: &&[&str]| line.iter().map(cell).collect();
        (1..).zip(lines.iter().map(line)).collect()
    }

    #[test]
    fn headings_are_found_below_titles_in_any_order_and_by_any_of_their_names() {
        let found = Headings::find(&rows(&[
            &["文化社区党员花名册"],
            &["单位：文化社区", "2026年11月"],
            &["序号", "联系电话（必填）", " 姓　名*", "加入党组织日期", "身份证号"],
        ]));
        let found = found.unwrap();
        assert_eq!(found.at, 2);
        assert_eq!(
            (found.column(Name), found.column(Phone), found.column(Joined)),
            (Some(2), Some(1), Some(3))
        );
        assert_eq!(found.ignored, ["序号", "身份证号"]);
        assert_eq!(found.name(Joined), "加入党组织日期");
    }

    #[test]
    fn a_file_without_them_or_with_one_twice_says_so() {
        assert_eq!(
            Headings::find(&rows(&[&["张三", "13900000001"]])).unwrap_err(),
            Unreadable::NoHeadings
        );
        let twice = Headings::find(&rows(&[&["姓名", "手机号", "联系电话"]])).unwrap_err();
        assert_eq!(twice, Unreadable::Twice("手机号".into(), "联系电话".into()));
        let late: Vec<&[&str]> =
            [&["x"][..]; 10].into_iter().chain([&["姓名", "电话"][..]]).collect();
        assert_eq!(Headings::find(&rows(&late)).unwrap_err(), Unreadable::NoHeadings);
    }

    #[test]
    fn no_heading_means_two_things() {
        let all: Vec<_> = HEADINGS.iter().flat_map(|(_, names)| *names).collect();
        let mut once = all.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), all.len());
        assert!(
            HEADINGS
                .iter()
                .all(|(field, names)| names.iter().all(|name| meaning(name) == Some(*field)))
        );
    }
}
