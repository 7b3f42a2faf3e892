//! A small plot: some series over the rounds of a run, from zero up.

use std::fmt::Write as _;

const WIDE: f64 = 640.0;
const HIGH: f64 = 240.0;
const LEFT: f64 = 56.0;
const TOP: f64 = 36.0;
const COLOURS: [&str; 3] = ["#1f77b4", "#d62728", "#2ca02c"];

/// Draws it as SVG.
#[allow(clippy::cast_precision_loss)]
pub fn lines(title: &str, unit: &str, series: &[(&str, Vec<f64>)]) -> String {
    let most =
        series.iter().flat_map(|(_, values)| values).copied().fold(f64::MIN_POSITIVE, f64::max);
    let most = most * 1.1;
    let rounds = series.iter().map(|(_, values)| values.len()).max().unwrap_or(1);
    let step = (WIDE - LEFT - 20.0) / rounds as f64;
    let x = |round: usize| LEFT + step * (round as f64 + 0.5);
    let y = |value: f64| HIGH - 28.0 - (HIGH - 28.0 - TOP) * value / most;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDE} {HIGH}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"16\" font-size=\"13\">{title}</text>\n"
    );
    for part in 0..=4 {
        let value = most * f64::from(part) / 4.0;
        let (at, to) = (y(value), WIDE - 20.0);
        let _ = writeln!(
            svg,
            "<path d=\"M{LEFT} {at:.1}H{to}\" stroke=\"#ddd\"/>\n\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{value:.1} {unit}</text>",
            LEFT - 4.0,
            at + 4.0
        );
    }
    for round in 0..rounds {
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            x(round),
            HIGH - 10.0,
            round + 1
        );
    }
    for (place, ((name, values), colour)) in series.iter().zip(COLOURS).enumerate() {
        let points = values.iter().enumerate().map(|(round, value)| (x(round), y(*value)));
        let points: Vec<_> = points.collect();
        let path: Vec<_> = points.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
        let _ = writeln!(
            svg,
            "<path d=\"M{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"/>",
            path.join("L")
        );
        for (x, y) in points {
            let _ =
                writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\"/>");
        }
        let at = LEFT + 150.0 * place as f64;
        let _ = writeln!(svg, "<text x=\"{at}\" y=\"31\" fill=\"{colour}\">● {name}</text>");
    }
    svg.push_str("</svg>\n");
    svg
}
