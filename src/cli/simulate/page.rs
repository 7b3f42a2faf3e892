//! `dispatch-quality.md`: the figures between two marks, the words around them are left alone.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::Context;

use super::{
    Outcome,
    figures::Figures,
    plot::{self, Point},
    policy::Policy,
};

const PAGE: &str = "dispatch-quality.md";
const PICTURES: &str = "dispatch-quality";
const OPEN: &str = "<!-- simulate dispatch -->";
const CLOSE: &str = "<!-- /simulate dispatch -->";

/// Writes the tables and the plots.
///
/// # Errors
/// Where the folder cannot be written.
pub fn write(folder: &Path, outcomes: &[Outcome], days: u64) -> anyhow::Result<()> {
    let page = folder.join(PAGE);
    let pictures = folder.join(PICTURES);
    let cannot = |path: &Path| format!("写不了 {} (cannot be written)", path.display());
    fs::create_dir_all(&pictures).with_context(|| cannot(&pictures))?;
    let mut text = String::new();
    for outcome in outcomes {
        let picture = format!("{}-{}.svg", outcome.size.members, outcome.size.jobs_per_day);
        let path = pictures.join(&picture);
        fs::write(&path, drawn(outcome)).with_context(|| cannot(&path))?;
        let title = title(outcome);
        let _ = write!(text, "### {title}\n\n{}\n", said(outcome, days));
        let _ = write!(text, "{}\n![{title}]({PICTURES}/{picture})\n\n", table(outcome));
    }
    let whole = fs::read_to_string(&page).unwrap_or_else(|_| format!("{OPEN}\n{CLOSE}\n"));
    let (head, rest) = whole.split_once(OPEN).context("页面里没有开头的标记 (no opening mark)")?;
    let (_, tail) = rest.split_once(CLOSE).context("页面里没有结尾的标记 (no closing mark)")?;
    fs::write(&page, format!("{head}{OPEN}\n{}\n{CLOSE}{tail}", text.trim_end()))
        .with_context(|| cannot(&page))
}

fn title(outcome: &Outcome) -> String {
    format!("{} 人，每天 {} 个任务", outcome.size.members, outcome.size.jobs_per_day)
}

fn said(outcome: &Outcome, days: u64) -> String {
    let above = mean(outcome.bounds.iter().map(|(above, _)| *above));
    let below = mean(outcome.bounds.iter().map(|(_, below)| *below));
    format!(
        "{days} 天，{} 个种子，平均数（最小–最大）。上界 {}（同一个规划能做到的至少 {}）。\n",
        outcome.bounds.len(),
        percent(above),
        percent(below)
    )
}

fn table(outcome: &Outcome) -> String {
    let everyone = outcome.plays.iter().find(|(policy, _)| *policy == Policy::Everyone);
    let all = everyone.map_or(1.0, |(_, plays)| mean(plays.iter().map(|one| one.notices)));
    let above = mean(outcome.bounds.iter().map(|(above, _)| *above));
    let mut rows = "| 问谁 | 坐满的名额 | 占上界 | 每坐满一个名额的消息 | 消息总数，比问所有人 | 坐满用时，小时（中位） | 答应了却没名额，每个名额 | 轻重不均（基尼） |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n".to_owned();
    for (policy, plays) in &outcome.plays {
        let of = |figure: fn(&Figures) -> f64| mean(plays.iter().map(figure));
        let fills = plays.iter().map(Figures::fill);
        let (least, most) = (fills.clone().fold(1.0, f64::min), fills.fold(0.0, f64::max));
        let _ = writeln!(
            rows,
            "| {} | {}（{}–{}） | {} | {:.1} | {:.2} | {:.1} | {:.2} | {:.2} |",
            policy.zh(),
            percent(of(Figures::fill)),
            percent(least),
            percent(most),
            percent(of(Figures::fill) / above),
            of(Figures::notices_per_seat),
            of(|one| one.notices) / all,
            of(Figures::median_hours),
            of(Figures::away_per_seat),
            of(Figures::gini)
        );
    }
    rows
}

fn drawn(outcome: &Outcome) -> String {
    let points = outcome.plays.iter().map(|(policy, plays)| Point {
        name: policy.zh(),
        notices: mean(plays.iter().map(Figures::notices_per_seat)),
        fill: mean(plays.iter().map(Figures::fill)),
    });
    let points: Vec<_> = points.collect();
    plot::points(&title(outcome), &points, mean(outcome.bounds.iter().map(|(above, _)| *above)))
}

#[allow(clippy::cast_precision_loss)]
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.fold((0.0, 0u32), |(sum, n), value| (sum + value, n + 1));
    sum / f64::from(n.max(1))
}

fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}
