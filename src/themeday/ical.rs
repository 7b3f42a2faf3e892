//! 日历: theme days as an iCalendar file (RFC 5545). Written here because the crates at hand let a folded line grow to
//! 76 octets, or fold inside a character; the whole of what is needed is escaping, folding and ten properties.

use entity::At;
use uuid::Uuid;

/// Octets of a line without its break (RFC 5545, 3.1).
const LINE: usize = 75;

/// An entry of a calendar.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub id: Uuid,
    pub summary: String,
    pub place: Option<String>,
    pub starts_at: At,
    pub ends_at: At,
    /// When it was last changed, and how often its time or place was.
    pub changed_at: At,
    pub rev: i32,
    pub cancelled: bool,
}

/// The file. `name` is what the phone calls the calendar.
pub(super) fn calendar(name: &str, entries: &[Entry]) -> String {
    let mut out = String::new();
    for fixed in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//linli//theme days//ZH"] {
        line(&mut out, fixed);
    }
    line(&mut out, &format!("X-WR-CALNAME:{}", escaped(name)));
    for entry in entries {
        event(&mut out, entry);
    }
    line(&mut out, "END:VCALENDAR");
    out
}

fn event(out: &mut String, entry: &Entry) {
    line(out, "BEGIN:VEVENT");
    line(out, &format!("UID:{}@linli", entry.id));
    for (name, at) in
        [("DTSTAMP", entry.changed_at), ("DTSTART", entry.starts_at), ("DTEND", entry.ends_at)]
    {
        line(out, &format!("{name}:{}", at.utc().format("%Y%m%dT%H%M%SZ")));
    }
    line(out, &format!("SEQUENCE:{}", entry.rev));
    line(out, &format!("SUMMARY:{}", escaped(&entry.summary)));
    if let Some(place) = &entry.place {
        line(out, &format!("LOCATION:{}", escaped(place)));
    }
    let status = if entry.cancelled { "CANCELLED" } else { "CONFIRMED" };
    line(out, &format!("STATUS:{status}"));
    line(out, "END:VEVENT");
}

/// Text as a value: nothing in it ends the value or the line.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for sign in text.replace("\r\n", "\n").chars() {
        match sign {
            '\\' | ',' | ';' => safe.extend(['\\', sign]),
            '\n' | '\r' => safe.push_str("\\n"),
            _ if sign.is_control() => {}
            _ => safe.push(sign),
        }
    }
    safe
}

/// One line, folded between characters so that no part is longer than allowed; a part that goes on begins with a
/// space, which counts.
fn line(out: &mut String, text: &str) {
    let mut used = 0;
    for sign in text.chars() {
        if used + sign.len_utf8() > LINE {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(sign);
        used += sign.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(summary: &str, place: Option<&str>) -> Entry {
        Entry {
            id: Uuid::from_u128(7),
            summary: summary.into(),
            place: place.map(Into::into),
            starts_at: At(1_795_590_000_000),
            ends_at: At(1_795_597_200_000),
            changed_at: At(1_795_312_800_000),
            rev: 1,
            cancelled: false,
        }
    }

    fn unfolded(file: &str) -> String {
        file.replace("\r\n ", "")
    }

    #[test]
    fn a_calendar_reads_as_written_here() {
        let summary =
            "组织活动 · 学习二十大精神，走访慰问老党员；交流发言, 带笔; 反斜杠 \\ 也要写对\n第二行";
        let days = [entry(summary, Some("文化社区三楼会议室"))];
        let expected = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//linli//theme days//ZH\r\n\
                        X-WR-CALNAME:组织活动\r\nBEGIN:VEVENT\r\n\
                        UID:00000000-0000-0000-0000-000000000007@linli\r\n\
                        DTSTAMP:20261122T020000Z\r\nDTSTART:20261125T070000Z\r\n\
                        DTEND:20261125T090000Z\r\nSEQUENCE:1\r\n\
                        SUMMARY:组织活动 · 学习二十大精神，走访慰问老党员；交\r\n 流发言\\, 带笔\\; 反斜杠 \\\\ 也要写对\\n第二行\r\n\
                        LOCATION:文化社区三楼会议室\r\nSTATUS:CONFIRMED\r\n\
                        END:VEVENT\r\nEND:VCALENDAR\r\n";
        assert_eq!(calendar("组织活动", &days), expected);
    }

    #[test]
    fn a_part_that_goes_on_is_no_longer_than_the_first() {
        // 75 octets; of the other 75, with the space in front, one is too many for the second part.
        let mut out = String::new();
        line(&mut out, &"a".repeat(150));
        assert_eq!(out.split("\r\n").map(str::len).collect::<Vec<_>>(), [75, 75, 2, 0]);
    }

    proptest! {
        /// Whatever is written, lines are short and whole, and a reader gets back what was meant.
        #[test]
        fn whatever_is_written_comes_back(summary in "[\\PC\n\r,;:\\\\组织活动学习]{0,200}") {
            let file = calendar("组织活动", &[entry(&summary, None)]);
            for part in file.split("\r\n") {
                prop_assert!(part.len() <= LINE, "{} octets", part.len());
                prop_assert!(!part.contains(['\n', '\r']));
            }
            let whole = unfolded(&file);
            let value = whole.split("\r\n").find_map(|line| line.strip_prefix("SUMMARY:")).unwrap();
            let (mut read, mut signs) = (String::new(), value.chars());
            while let Some(sign) = signs.next() {
                match sign {
                    '\\' => match signs.next() {
                        Some('n') => read.push('\n'),
                        Some(plain) => read.push(plain),
                        None => prop_assert!(false, "a lone backslash"),
                    },
                    ',' | ';' => prop_assert!(false, "bare {sign}"),
                    _ => read.push(sign),
                }
            }
            let meant: String = summary.replace("\r\n", "\n").replace('\r', "\n");
            let meant: String = meant.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
            prop_assert_eq!(read, meant);
            prop_assert_eq!(whole.matches("BEGIN:").count(), 2);
        }
    }
}
