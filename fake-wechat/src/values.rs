//! What a field of a message may say, by the kind its key begins with. WeChat refuses the whole message and names
//! the first field that does not fit.

use crate::templates::Template;

/// Whether `value` fits the field `key` of that template.
pub(crate) fn fits(template: &Template, key: &str, value: &str) -> bool {
    let length = value.chars().count();
    let ascii = |most| length <= most && value.chars().all(|c| c.is_ascii_graphic() || c == ' ');
    if value.trim().is_empty() || value.chars().any(char::is_control) {
        return false;
    }
    match kind(key) {
        "thing" => length <= 20,
        "number" => length <= 32 && is_number(value),
        "letter" => length <= 32 && value.chars().all(|c| c.is_ascii_alphabetic()),
        "symbol" => length <= 5 && !value.chars().any(char::is_alphanumeric),
        "character_string" => ascii(32),
        "time" => ranges(value, |one| is_time(one) || is_date(one)),
        "date" => ranges(value, is_date),
        "amount" => is_amount(value),
        "phone_number" => ascii(17) && !value.chars().any(|c| c.is_ascii_alphabetic()),
        "car_number" => length <= 8,
        "name" => length <= if value.is_ascii() { 20 } else { 10 },
        "phrase" => length <= 5 && value.chars().all(is_chinese),
        "enum" => template.choices.iter().any(|(of, any)| *of == key && any.contains(&value)),
        _ => false,
    }
}

/// `character_string` of `character_string4`.
fn kind(key: &str) -> &str {
    key.trim_end_matches(|c: char| c.is_ascii_digit())
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

fn is_number(value: &str) -> bool {
    let (whole, part) = value.split_once('.').unwrap_or((value, "0"));
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    [whole, part].iter().all(|digits| is_digits(digits, 1..=32))
}

fn is_amount(value: &str) -> bool {
    let value = value.trim_start_matches(['¥', '￥', '$', '€', '£']);
    let value = value.strip_suffix('元').unwrap_or(value);
    value.len() <= 13
        && !value.starts_with('-')
        && is_number(value)
        && value.split('.').next().is_some_and(|whole| whole.len() <= 10)
}

fn ranges(value: &str, one: impl Fn(&str) -> bool) -> bool {
    let parts: Vec<_> = value.split('~').map(str::trim).collect();
    parts.len() <= 2 && parts.into_iter().all(one)
}

/// `15:01`, `15:01:30`.
fn is_time(value: &str) -> bool {
    let parts: Vec<_> = value.split(':').collect();
    let below = |text: &str, end: u32| {
        is_digits(text, 1..=2) && text.parse::<u32>().is_ok_and(|number| number < end)
    };
    match parts.as_slice() {
        [hour, minutes @ ..] if (1..=2).contains(&minutes.len()) => {
            below(hour, 24) && minutes.iter().all(|minute| below(minute, 60))
        }
        _ => false,
    }
}

/// `2026年11月22日`, `2026-11-22`, `2026/11/22`, `2026.11.22`, each with a time behind it or without.
fn is_date(value: &str) -> bool {
    let (date, time) = value.split_once(' ').map_or((value, None), |(d, t)| (d, Some(t)));
    let separators: String = date.chars().filter(|c| !c.is_ascii_digit()).collect();
    let parts: Vec<_> = date.trim_end_matches('日').split(['年', '月', '-', '/', '.']).collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let within = |text: &str, last: u32| {
        is_digits(text, 1..=2) && text.parse().is_ok_and(|number: u32| (1..=last).contains(&number))
    };
    matches!(separators.as_str(), "年月日" | "--" | "//" | "..")
        && is_digits(year, 4..=4)
        && within(month, 12)
        && within(day, 31)
        && time.is_none_or(|time| is_time(time.trim()))
}

fn is_digits(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(key: &str, value: &str) -> bool {
        fits(Template::named("政务服务进度通知").unwrap(), key, value)
    }

    #[test]
    fn each_kind_takes_what_it_should() {
        for (key, value) in [
            ("thing1", "一二三四五六七八九十一二三四五六七八九十"),
            ("thing01", "🎂 a。"),
            ("number1", "12.50"),
            ("number1", "-3"),
            ("letter1", "abc"),
            ("symbol1", "&*"),
            ("character_string1", "A-1_2/3"),
            ("time1", "15:01"),
            ("time1", "2026年11月22日 15:01"),
            ("time1", "2026-11-22 15:01~2026-11-22 17:00"),
            ("time1", "09:00~11:00"),
            ("date1", "2026年1月2日"),
            ("date1", "2026/11/22 08:00"),
            ("date1", "2026.11.22~2026.11.23"),
            ("amount1", "¥123.45"),
            ("amount1", "100元"),
            ("phone_number1", "+86-0851-12345678"),
            ("car_number1", "贵C·12345"),
            ("name1", "欧阳小明"),
            ("name1", "Alexander Hamilton"),
            ("phrase1", "候补成功"),
            ("enum2", "办理中"),
        ] {
            assert!(says(key, value), "{key} {value}");
        }
    }

    #[test]
    fn each_kind_refuses_what_it_should() {
        for (key, value) in [
            ("thing1", "一二三四五六七八九十一二三四五六七八九十一"),
            ("thing1", "  "),
            ("thing1", "两\n行"),
            ("number1", "3个"),
            ("number1", "1,000"),
            ("number1", "."),
            ("letter1", "a1"),
            ("symbol1", "a"),
            ("character_string1", "编号1"),
            ("time1", "2026-11-22T15:01:00+08:00"),
            ("time1", "24:00"),
            ("time1", "明天"),
            ("date1", "11月22日"),
            ("date1", "2026年13月1日"),
            ("date1", "2026-11/22"),
            ("amount1", "12345678901"),
            ("phone_number1", "110abc"),
            ("car_number1", "贵C·1234567"),
            ("name1", "一二三四五六七八九十一"),
            ("name1", "abcdefghijklmnopqrstu"),
            ("phrase1", "ok"),
            ("phrase1", "候补已经成功"),
            ("enum2", "没有的"),
            ("colour1", "red"),
        ] {
            assert!(!says(key, value), "{key} {value}");
        }
    }
}
