//! Times and dates as WeChat takes them in a message: written as people do, ranges joined by `~`, never with a `T`.

use chrono::NaiveDate;

/// One, or two joined by `~`.
pub(super) fn is_range(text: &str, is_one: fn(&str) -> bool) -> bool {
    text.split('~').count() <= 2 && text.split('~').all(|part| is_one(part.trim()))
}

/// A time of day, with a date before it or not.
pub(super) fn is_time(text: &str) -> bool {
    match text.split_once(' ') {
        Some((date, time)) => is_day(date) && is_clock(time),
        None => is_clock(text),
    }
}

/// A date, with a time of day behind it or not.
pub(super) fn is_date(text: &str) -> bool {
    match text.split_once(' ') {
        Some((date, time)) => is_day(date) && is_clock(time),
        None => is_day(text),
    }
}

/// `15:01`, `15:01:30`
fn is_clock(text: &str) -> bool {
    let parts: Vec<_> = text.split(':').map(two_digits).collect();
    match parts[..] {
        [Some(h), Some(m)] => h < 24 && m < 60,
        [Some(h), Some(m), Some(s)] => h < 24 && m < 60 && s < 60,
        _ => false,
    }
}

fn two_digits(text: &str) -> Option<u32> {
    (matches!(text.len(), 1 | 2) && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())?
}

/// `2026年11月22日`, `2026-11-22`, `2026/11/22`, `2026.11.22`
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = match text.strip_suffix('日') {
        Some(chinese) => chinese.split_once('年').map_or(Vec::new(), |(year, rest)| {
            std::iter::once(year).chain(rest.split('月')).collect()
        }),
        None => {
            let Some(separator) = ['-', '/', '.'].into_iter().find(|s| text.contains(*s)) else {
                return false;
            };
            text.split(separator).collect()
        }
    };
    let [year, month, day] = parts[..] else { return false };
    let (Some(month), Some(day)) = (two_digits(month), two_digits(day)) else { return false };
    let is_year = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
    let year = year.parse().ok().filter(|_| is_year);
    year.is_some_and(|year| NaiveDate::from_ymd_opt(year, month, day).is_some())
}
