//! How the demo speaks: numbered steps, progress where it takes long, the timeline and a table at the end.

use std::io::{IsTerminal, Write};

use serde_json::Value;

use super::race::Race;

/// Tells the story on standard output.
pub struct Teller {
    step: usize,
    last_tenth: usize,
}

impl Teller {
    pub fn new() -> Self {
        println!("\n  邻里 · 群众点单 → 社区派单 → 党员接单 → 组织晒单\n");
        Self { step: 0, last_tenth: 0 }
    }

    pub fn step(&mut self, words: &str) {
        self.step += 1;
        println!("{:>2}. {words}", self.step);
    }

    pub fn say(&self, words: impl AsRef<str>) {
        println!("    ✓ {}", words.as_ref());
    }

    /// A line that fills up; one line per tenth where nobody watches.
    pub fn progress(&mut self, what: &str, done: usize, all: usize) {
        if std::io::stdout().is_terminal() {
            print!("\r    … {what} {done}/{all}");
            drop(std::io::stdout().flush());
            if done == all {
                println!();
            }
        } else if done * 10 / all > self.last_tenth {
            self.last_tenth = done * 10 / all;
            println!("    … {what} {done}/{all}");
        }
    }

    /// The request's timeline, many alike steps in one line.
    pub fn timeline(&self, timeline: &Value) {
        println!("\n  王阿姨看到的时间线");
        let mut alike: Option<(String, String, usize)> = None;
        let tell = |entry: &Option<(String, String, usize)>| {
            if let Some((at, text, n)) = entry {
                let times = if *n > 1 { format!(" × {n}") } else { String::new() };
                println!("    {at}  {text}{times}");
            }
        };
        for item in timeline["items"].as_array().into_iter().flatten() {
            let at = item["at"].as_str().unwrap_or_default();
            let at = at.get(..16).unwrap_or(at).replace('T', " ");
            let text = item["text"].as_str().unwrap_or_default().to_owned();
            match &mut alike {
                Some((_, known, n)) if *known == text => *n += 1,
                _ => {
                    tell(&alike);
                    alike = Some((at, text, 1));
                }
            }
        }
        tell(&alike);
    }

    pub fn table(&self, race: &Race, places: usize) {
        let ms = |share| race.percentile(share).as_secs_f64() * 1000.0;
        println!("\n  抢单结果");
        println!("    名额              {places:>6}");
        println!("    抢到              {:>6}", race.winners.len());
        for (code, (words, n)) in &race.refusals {
            println!("    没抢到            {n:>6}   {words}（{code}）");
        }
        println!("    超额              {:>6}", race.over_booked);
        println!(
            "    用时 中位 / 95% / 最长   {:.0} / {:.0} / {:.0} 毫秒\n",
            ms(0.5),
            ms(0.95),
            ms(1.0)
        );
    }
}
