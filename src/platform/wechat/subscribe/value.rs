//! What each kind of field of a subscribe message may hold. The kind is said by the key: `thing1`, `time2`. A value
//! that breaks its rule is refused by WeChat for good (47003), so it is looked over before a grant is spent.

use super::moment::{is_date, is_range, is_time};

const THING: usize = 20;

/// The kinds there are, by the first part of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Thing,
    Number,
    Letter,
    Symbol,
    CharacterString,
    Time,
    Date,
    Amount,
    PhoneNumber,
    CarNumber,
    Name,
    Phrase,
    Enum,
}

impl Field {
    /// The kind a key names; None: WeChat has no such key.
    pub(super) fn of(key: &str) -> Option<Self> {
        let kind = key.trim_end_matches(|c: char| c.is_ascii_digit());
        if kind.len() == key.len() || key.len() > 32 {
            return None;
        }
        Some(match kind {
            "thing" => Self::Thing,
            "number" => Self::Number,
            "letter" => Self::Letter,
            "symbol" => Self::Symbol,
            "character_string" => Self::CharacterString,
            "time" => Self::Time,
            "date" => Self::Date,
            "amount" => Self::Amount,
            "phone_number" => Self::PhoneNumber,
            "car_number" => Self::CarNumber,
            "name" => Self::Name,
            "phrase" => Self::Phrase,
            "enum" => Self::Enum,
            _ => return None,
        })
    }

    /// The value as it may be sent. Words of a `thing` are put on one line and cut; nothing else is changed.
    pub(super) fn value(self, text: &str) -> Result<String, &'static str> {
        let text = if self == Self::Thing { thing(text) } else { text.trim().to_owned() };
        if text.is_empty() {
            return Err("it is empty");
        }
        if text.chars().any(is_control) {
            return Err("it holds a control character or a line break");
        }
        if self.allows(&text) { Ok(text) } else { Err(self.rule()) }
    }

    fn allows(self, text: &str) -> bool {
        let len = text.chars().count();
        let all = |test: fn(char) -> bool| text.chars().all(test);
        match self {
            Self::Thing => len <= THING,
            Self::Number => is_number(text, 32),
            Self::Letter => len <= 32 && all(|c| c.is_ascii_alphabetic()),
            Self::Symbol => len <= 5 && all(|c| !c.is_alphanumeric() && !c.is_whitespace()),
            Self::CharacterString => len <= 32 && all(|c| c.is_ascii_graphic()),
            Self::Time => is_range(text, is_time),
            Self::Date => is_range(text, is_date),
            Self::Amount => is_amount(text),
            Self::PhoneNumber => len <= 17 && all(|c| c.is_ascii_digit() || "+-()*. ".contains(c)),
            Self::CarNumber => len <= 8 && all(|c| c.is_ascii_alphanumeric() || is_chinese(c)),
            Self::Name if text.chars().any(is_chinese) => len <= 10,
            Self::Name => len <= 20 && all(|c| !c.is_ascii_digit()),
            Self::Phrase => len <= 5 && all(is_chinese),
            Self::Enum => len <= 20,
        }
    }

    fn rule(self) -> &'static str {
        match self {
            Self::Thing => "more than 20 characters",
            Self::Number => "expected at most 32 digits, without unit or comma",
            Self::Letter => "expected at most 32 letters",
            Self::Symbol => "expected at most 5 symbols",
            Self::CharacterString => {
                "expected at most 32 digits, letters and symbols, none Chinese"
            }
            Self::Time => "expected a time like 15:01 or 2026年11月22日 15:01",
            Self::Date => "expected a date like 2026年11月22日",
            Self::Amount => "expected at most one currency sign and 10 digits",
            Self::PhoneNumber => "expected at most 17 digits and symbols",
            Self::CarNumber => "expected at most 8 characters of a plate",
            Self::Name => "expected at most 10 Chinese characters or 20 letters",
            Self::Phrase => "expected at most 5 Chinese characters and nothing else",
            Self::Enum => "more than 20 characters",
        }
    }
}

/// On one line, single blanks, at most 20 characters with the ellipsis.
fn thing(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if is_control(c) { ' ' } else { c }).collect();
    let line = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= THING {
        return line;
    }
    let kept: String = line.chars().take(THING - 1).collect();
    format!("{}…", kept.trim_end())
}

/// Control characters, and those that break a line without being one.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

fn is_chinese(c: char) -> bool {
    matches!(c, '〇' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Digits, with one decimal point at most and a sign before them.
fn is_number(text: &str, most: usize) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = text.split_once('.').map_or((text, None), |(w, p)| (w, Some(p)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(whole) && part.is_none_or(digits) && whole.len() + part.map_or(0, str::len) <= most
}

fn is_amount(text: &str) -> bool {
    let text = text.strip_prefix(['¥', '￥', '$', '€', '£']).unwrap_or(text);
    is_number(text.strip_suffix('元').unwrap_or(text), 10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn good(key: &str, values: &[&str]) {
        for value in values {
            let field = Field::of(key).unwrap();
            assert_eq!(field.value(value).as_deref(), Ok(*value), "{key}");
        }
    }

    fn bad(key: &str, values: &[&str]) {
        for value in values {
            assert!(Field::of(key).unwrap().value(value).is_err(), "{key} took {value:?}");
        }
    }

    #[test]
    fn a_key_is_a_kind_and_a_number() {
        assert_eq!(Field::of("thing1"), Some(Field::Thing));
        assert_eq!(Field::of("thing01"), Some(Field::Thing));
        assert_eq!(Field::of("character_string4"), Some(Field::CharacterString));
        for odd in ["", "1", "thing", "thing1x", "Thing1", "word1", "thing-1"] {
            assert_eq!(Field::of(odd), None, "{odd}");
        }
        let endless = format!("thing{}", "1".repeat(40));
        assert_eq!(Field::of(&endless), None);
    }

    #[test]
    fn words_are_cut_with_the_ellipsis_inside_the_twenty() {
        let thing = |text: &str| Field::Thing.value(text).unwrap();
        assert_eq!(thing("消防安全巡查"), "消防安全巡查");
        assert_eq!(thing(&"很".repeat(20)), "很".repeat(20));
        assert_eq!(thing(&"很".repeat(21)), format!("{}…", "很".repeat(19)));
        assert_eq!(thing(" 先到\r\n居委会\t集合\u{2028}再走\u{0}"), "先到 居委会 集合 再走");
        assert_eq!(
            thing(&format!("{} {}", "一".repeat(18), "二二二")),
            format!("{}…", "一".repeat(18))
        );
    }

    #[test]
    fn numbers_letters_and_symbols_keep_their_rules() {
        good("number1", &["0", "3", "-4.5", "12345678901234567890123456789012"]);
        bad(
            "number1",
            &["", "3人", "1,000", "1.2.3", ".5", "5.", "123456789012345678901234567890123"],
        );
        good("letter1", &["A", "abcXYZ"]);
        bad("letter1", &["a1", "a b", "字", &"a".repeat(33)]);
        good("symbol1", &["★★★", "!?"]);
        bad("symbol1", &["a", "1", "! !", "!!!!!!"]);
        good("character_string4", &["RW-20261122/001", "a".repeat(32).as_str()]);
        bad("character_string4", &["编号1", "a b", &"a".repeat(33)]);
        good("amount1", &["¥12.50", "100元", "￥3", "5"]);
        bad("amount1", &["¥¥1", "12345678901", "1,000元", "十元", "元"]);
    }

    #[test]
    fn times_and_dates_are_as_people_write_them() {
        good(
            "time2",
            &[
                "15:01",
                "9:05",
                "15:01:30",
                "2026年11月22日 15:01",
                "2026-11-22 15:01",
                "09:00~11:00",
            ],
        );
        good(
            "time2",
            &["2026年11月22日 09:00~2026年11月22日 11:00", "2026年11月22日 09:00 ~ 11:00"],
        );
        bad(
            "time2",
            &[
                "25:00",
                "15:60",
                "下午三点",
                "2026-11-22T15:01:00Z",
                "2026年11月22日",
                "1~2~3",
                "15:01~",
            ],
        );
        good(
            "date3",
            &["2026年11月22日", "2026-11-22", "2026/1/2", "2026.11.22", "2026年11月22日 15:01"],
        );
        good("date3", &["2026-11-22~2026-11-23"]);
        bad(
            "date3",
            &[
                "2026-11-22T15:01:00+08:00",
                "2026-02-30",
                "11月22日",
                "2026-11/22",
                "明天",
                "15:01",
                "2026年11月",
            ],
        );
    }

    #[test]
    fn people_and_plates_keep_their_rules() {
        good("phone_number1", &["+86-0766-66888866", "138****5678"]);
        bad("phone_number1", &["123456789012345678", "电话"]);
        good("car_number1", &["粤A8Z888挂", "贵C12345"]);
        bad("car_number1", &["贵C-12345", "贵C12345678"]);
        good("name1", &["张三", "Zhang San", "欧阳建国同志你好呀吗"]);
        bad("name1", &["欧阳建国同志你好呀吗吧", "张san zhang san", "abcdefghijklmnopqrstu", "a1"]);
        good("phrase1", &["配送中", "已开始吧好"]);
        bad("phrase1", &["ok", "已开始吧好了", "已!", "a已"]);
        good("enum1", &["满意"]);
        bad("enum1", &["", " "]);
        for key in ["number1", "phrase1", "name1", "date1", "enum1", "character_string1"] {
            bad(key, &["好\n好", "好\u{0}好"]);
        }
    }

    proptest! {
        /// Whatever is said, a `thing` either is nothing at all or can be sent.
        #[test]
        fn any_words_make_a_thing(text in "\\PC*|[\\s\\S]{0,60}") {
            match Field::Thing.value(&text) {
                Ok(sent) => {
                    prop_assert!(!sent.is_empty() && sent.chars().count() <= 20);
                    prop_assert!(!sent.chars().any(is_control) && sent.trim() == sent);
                    prop_assert_eq!(Field::Thing.value(&sent), Ok(sent));
                }
                Err(_) => prop_assert!(text.chars().all(|c| c.is_whitespace() || is_control(c))),
            }
        }

        /// What passes is never empty, long or of two lines, whatever the kind.
        #[test]
        fn what_passes_can_be_sent(kind in 0_usize..KEYS.len(), text in "[\\s\\S]{0,40}|[0-9:./年月日 ~-]{0,24}|[一-龥]{0,24}") {
            let (key, most) = KEYS[kind];
            if let Ok(sent) = Field::of(key).unwrap().value(&text) {
                prop_assert!(!sent.is_empty() && sent.chars().count() <= most, "{} {:?}", key, sent);
                prop_assert!(!sent.chars().any(char::is_control));
                match key {
                    "phrase1" => prop_assert!(sent.chars().all(is_chinese)),
                    "character_string1" => prop_assert!(sent.is_ascii()),
                    "date1" | "time1" => prop_assert!(!sent.contains('T')),
                    _ => {}
                }
            }
        }

        /// Every civil moment written our way is taken.
        #[test]
        fn our_own_times_pass(day in 0_i64..40_000, minute in 0_u32..1440) {
            let at = crate::kernel::day::Day::of(entity::At(0)).plus(day).time(minute / 60, minute % 60);
            let wall = at.utc().with_timezone(&chrono_tz::Asia::Shanghai);
            let text = wall.format("%Y年%m月%d日 %H:%M").to_string();
            prop_assert_eq!(Field::Time.value(&text), Ok(text.clone()));
            prop_assert_eq!(Field::Date.value(&text), Ok(text.clone()));
        }
    }

    /// Each kind with its most characters; ranges of dates are the longest.
    const KEYS: [(&str, usize); 13] = [
        ("thing1", 20),
        ("number1", 34),
        ("letter1", 32),
        ("symbol1", 5),
        ("character_string1", 32),
        ("time1", 50),
        ("date1", 50),
        ("amount1", 14),
        ("phone_number1", 17),
        ("car_number1", 8),
        ("name1", 20),
        ("phrase1", 5),
        ("enum1", 20),
    ];
}
