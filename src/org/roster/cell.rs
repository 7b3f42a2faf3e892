//! What people write into cells, read with good will: full-width digits, blanks, dates in every manner.

use ::entity::membership::MemberClass;

use crate::{identity::people::is_mobile, kernel::Day, org::party::Gender};

use super::sheet::Cell;

/// The same text with full-width signs as plain ones, without what cannot be seen, trimmed.
pub(super) fn fold(text: &str) -> String {
    let plain = text.chars().filter_map(|sign| match sign {
        '\u{3000}' | '\u{a0}' | '\t' => Some(' '),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0),
        '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{202a}'..='\u{202e}' => None,
        _ => Some(sign),
    });
    plain.collect::<String>().trim().to_owned()
}

/// A cell as words.
pub(super) fn text_of(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => fold(text),
        // Excel keeps phones and numbers without a point as fractions.
        Cell::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{number:.0}")
        }
        Cell::Number(number) => number.to_string(),
        Cell::Day(day) => day.to_string(),
    }
}

/// Whether a cell says that there is nothing to say.
pub(super) fn is_blank(text: &str) -> bool {
    matches!(text, "" | "-" | "--" | "—" | "——" | "/" | "无" | "无。" | "暂无" | "不详")
}

/// A name without the blanks people put in to align it: `张　三`.
pub(super) fn name(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let wide = |at: Option<&char>| at.is_some_and(|sign| *sign >= '\u{2e80}' || *sign == ' ');
    let kept = signs.iter().enumerate().filter(|(at, sign)| {
        let between = *at > 0 && wide(signs.get(at - 1)) && wide(signs.get(at + 1));
        !(sign.is_whitespace() && between)
    });
    kept.map(|(_, sign)| *sign).collect()
}

/// A mainland mobile number, as 11 digits.
pub(super) fn phone(text: &str) -> Option<String> {
    let skipped = |sign: &char| sign.is_whitespace() || "-–—()./'".contains(*sign);
    let bare: String = text.chars().filter(|sign| !skipped(sign)).collect();
    let bare = ["+86", "0086", "86"].iter().find_map(|code| {
        bare.strip_prefix(code).filter(|rest| is_mobile(rest)).map(ToOwned::to_owned)
    });
    let plain: String = text.chars().filter(|sign| !skipped(sign)).collect();
    bare.or_else(|| is_mobile(&plain).then_some(plain))
}

/// A day, where there is one.
pub(super) fn day_of(year: u32, month: u32, day: u32) -> Option<Day> {
    let plausible = (1850..=2150).contains(&year);
    plausible.then(|| format!("{year:04}-{month:02}-{day:02}").parse().ok()).flatten()
}

/// A day as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    On(Day),
    /// Only year and month: the first of it is taken.
    In(Day),
}

/// Reads a date: `2019.7.1`, `2019年7月1日`, `2019/07`, `20190701`, a day of Excel or its number.
pub(super) fn date(cell: &Cell) -> Option<Written> {
    match cell {
        Cell::Day(day) => Some(Written::On(*day)),
        Cell::Number(number) => numbered(*number),
        Cell::Text(text) => written(&fold(text)),
    }
}

fn numbered(number: f64) -> Option<Written> {
    if !(0.0..30_000_000.0).contains(&number) {
        return None;
    }
    // The part behind the point is the time of day.
    let whole = number.trunc() as u32;
    match whole {
        18_500_101..=21_501_231 => {
            day_of(whole / 10_000, whole / 100 % 100, whole % 100).map(Written::On)
        }
        185_001..=215_012 => day_of(whole / 100, whole % 100, 1).map(Written::In),
        // A year alone is no date, and no serial number of one either.
        1_850..=2_150 => None,
        // 30 December 1899 is 0, as Excel counts.
        366..=91_000 => {
            let zero: Option<Day> = "1899-12-30".parse().ok();
            zero.map(|zero| Written::On(zero.plus(i64::from(whole))))
        }
        _ => None,
    }
}

fn written(text: &str) -> Option<Written> {
    // Behind a blank or a T stands a time: 2019-07-01 00:00:00.
    let spaced = text.replace(". ", ".").replace("年 ", "年").replace("月 ", "月");
    let day = spaced.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> = day
        .split(['年', '月', '.', '-', '/', '\\', '·', '。'])
        .map(|part| part.trim_end_matches(['日', '号']))
        .filter(|part| !part.is_empty())
        .collect();
    if !parts.iter().all(|part| part.len() <= 8 && part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let numbers: Vec<u32> = parts.iter().map(|part| part.parse()).collect::<Result<_, _>>().ok()?;
    match *numbers {
        [year, month, day] => day_of(year, month, day).map(Written::On),
        [year, month] => day_of(year, month, 1).map(Written::In),
        [one] if !text.contains(['年', '月']) => numbered(f64::from(one)),
        _ => None,
    }
}

/// 党员类别 by what people call it.
pub(super) fn class(text: &str) -> Option<MemberClass> {
    let plain = text.trim_end_matches("党员");
    Some(match plain {
        "在职" | "在岗" => MemberClass::Employed,
        "无职" => MemberClass::Unposted,
        "流动" => MemberClass::Mobile,
        "夕阳红" | "离退休" | "退休" | "老" | "老年" | "离休" => MemberClass::Elder,
        "普通" | "正式" | "预备" | "" => MemberClass::Ordinary,
        _ => return None,
    })
}

/// 性别.
pub(super) fn gender(text: &str) -> Option<Gender> {
    match text.trim_end_matches('性') {
        "男" => Some(Gender::Male),
        "女" => Some(Gender::Female),
        _ => None,
    }
}

/// Several skills in one cell.
pub(super) fn skills(text: &str) -> Vec<String> {
    let parts = text.split(['、', ',', ';', '/', '|', ' ', '\n', '，', '；']);
    let mut skills: Vec<_> =
        parts.map(str::trim).filter(|part| !is_blank(part)).map(ToOwned::to_owned).collect();
    skills.sort_unstable();
    skills.dedup();
    skills
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Option<String> {
        date(&Cell::Text(text.into())).map(|found| match found {
            Written::On(day) => day.to_string(),
            Written::In(day) => format!("{day}~"),
        })
    }

    #[test]
    fn dates_are_read_however_they_are_written() {
        for text in [
            "2019-07-01",
            "2019.7.1",
            "2019年7月1日",
            "2019/7/1",
            "２０１９．０７．０１",
            "20190701",
            "2019-07-01 00:00:00",
            "2019年 7月 1日",
            "43647",
            "2019-07-01T08:00:00",
        ] {
            assert_eq!(read(text).as_deref(), Some("2019-07-01"), "{text}");
        }
        for text in ["2019/07", "2019年7月", "2019.7", "201907"] {
            assert_eq!(read(text).as_deref(), Some("2019-07-01~"), "{text}");
        }
        assert_eq!(date(&Cell::Number(43647.0)), date(&Cell::Text("2019-07-01".into())));
        for text in [
            "2019",
            "2019.13.1",
            "2019.2.30",
            "7/1/2019",
            "19.7.1",
            "建党节",
            "2019年",
            "99999999",
            "1",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn phones_lose_what_people_put_around_them() {
        for text in [
            "13900001234",
            "139 0000 1234",
            "139-0000-1234",
            "+86 13900001234",
            "8613900001234",
            "0086-139-0000-1234",
        ] {
            assert_eq!(phone(&fold(text)).as_deref(), Some("13900001234"), "{text}");
        }
        assert_eq!(phone(&fold("１３９００００１２３４")).as_deref(), Some("13900001234"));
        assert_eq!(
            phone(&text_of(&Cell::Number(13_900_001_234.0))).as_deref(),
            Some("13900001234")
        );
        for text in ["0851-2345678", "1390000123", "139000012345", "13900001234/13900001235", ""] {
            assert_eq!(phone(text), None, "{text}");
        }
    }

    #[test]
    fn names_lose_the_blanks_that_align_them() {
        assert_eq!(name(&fold("张　 三")), "张三");
        assert_eq!(name("John Smith"), "John Smith");
    }

    #[test]
    fn classes_and_skills_are_read_by_their_common_names() {
        assert_eq!(class("在职党员"), Some(MemberClass::Employed));
        assert_eq!(class("夕阳红"), Some(MemberClass::Elder));
        assert_eq!(class("群众"), None);
        let mut both = ["急救".to_owned(), "电工".to_owned()];
        both.sort_unstable();
        assert_eq!(skills("急救、电工，急救 / 无"), both);
    }

    proptest! {
        #[test]
        fn whatever_stands_in_a_cell_is_read_or_refused(text in ".{0,40}", number in any::<f64>()) {
            for cell in [Cell::Text(text), Cell::Number(number)] {
                let words = text_of(&cell);
                let _ = (date(&cell), phone(&words), name(&words), class(&words), skills(&words));
            }
        }

        /// Every day of the last two hundred years comes back from every manner of writing it.
        #[test]
        fn a_day_survives_every_manner(n in 0i64..91_000) {
            let zero: Day = "1900-12-31".parse().unwrap();
            let day = zero.plus(n % 80_000);
            let text = day.to_string();
            for manner in [text.clone(), text.replace('-', "."), text.replace('-', "/"), text.replace('-', "")] {
                prop_assert_eq!(date(&Cell::Text(manner)), Some(Written::On(day)));
            }
        }
    }
}
