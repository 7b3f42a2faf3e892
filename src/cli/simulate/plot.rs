//! A plot of one size: how many seats are filled, against how many messages each one took.

use std::fmt::Write as _;

const WIDE: f64 = 640.0;
const HIGH: f64 = 320.0;
const LEFT: f64 = 60.0;
const TOP: f64 = 60.0;
const BOTTOM: f64 = 44.0;
const COLOURS: [&str; 5] = ["#7f7f7f", "#1f77b4", "#ff7f0e", "#9467bd", "#d62728"];

/// One way of asking.
pub struct Point {
    pub name: &'static str,
    /// Messages for each seat filled.
    pub notices: f64,
    /// Share of the seats filled, 0 to 1.
    pub fill: f64,
}

/// Draws it as SVG; `bound`: the share that nobody passes.
pub fn points(title: &str, points: &[Point], bound: f64) -> String {
    let most = points.iter().map(|point| point.notices).fold(1.0, f64::max) * 1.15;
    let x = |notices: f64| LEFT + (WIDE - LEFT - 20.0) * notices / most;
    let y = |fill: f64| HIGH - BOTTOM - (HIGH - BOTTOM - TOP) * fill;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDE} {HIGH}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"18\" font-size=\"13\">{title}</text>\n"
    );
    for quarter in 0..=4 {
        let (fill, notices) = (f64::from(quarter) / 4.0, most * f64::from(quarter) / 4.0);
        let (at, to, below) = (y(fill), WIDE - 20.0, HIGH - BOTTOM + 16.0);
        let _ = writeln!(
            svg,
            "<path d=\"M{LEFT} {at:.1}H{to}\" stroke=\"#ddd\"/>\n\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{:.0}%</text>\n\
             <text x=\"{:.1}\" y=\"{below}\" text-anchor=\"middle\">{notices:.0}</text>",
            LEFT - 6.0,
            at + 4.0,
            fill * 100.0,
            x(notices)
        );
    }
    let (line, to) = (y(bound), WIDE - 20.0);
    let _ = writeln!(
        svg,
        "<path d=\"M{LEFT} {line:.1}H{to}\" stroke=\"#2ca02c\" stroke-dasharray=\"6 4\"/>\n\
         <text x=\"{to}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#2ca02c\">谁也超不过</text>",
        line - 5.0
    );
    let mut at = LEFT;
    for (point, colour) in points.iter().zip(COLOURS) {
        let (x, y) = (x(point.notices), y(point.fill));
        let _ = writeln!(
            svg,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"6\" fill=\"{colour}\"/>\n\
             <text x=\"{at:.0}\" y=\"40\" fill=\"{colour}\">● {}</text>",
            point.name
        );
        // A Chinese character is as wide as it is high.
        at += 14.0 * (3.0 + f64::from(u8::try_from(point.name.chars().count()).unwrap_or(0)));
    }
    let _ = writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">每坐满一个名额发出的消息</text>\n</svg>",
        WIDE - 20.0,
        HIGH - 8.0
    );
    svg
}
