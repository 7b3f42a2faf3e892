//! 签到表: the roster on paper, to be signed with a pen where phones do not help.

use std::fmt::Write;

use ::entity::{At, task};

use crate::{
    claim::model::holds_seat,
    kernel::day::spoken,
    platform::http::html::{escaped, page},
};

use super::RosterLine;

/// Empty lines for those who come without a claim.
const SPARE: usize = 5;
/// Lines on a sheet of A4.
const PER_SHEET: usize = 24;

const STYLE: &str = "@page{size:A4;margin:14mm}\
body{font-family:'Songti SC','SimSun','Noto Serif CJK SC',serif;font-size:11pt;color:#000;margin:0}\
section{break-after:page}section:last-child{break-after:auto}\
h1{font-size:18pt;text-align:center;margin:0 0 4mm}p{margin:0 0 2mm}\
table{width:100%;border-collapse:collapse}thead{display:table-header-group}tr{break-inside:avoid}\
th,td{border:1px solid #000;padding:1.6mm 2mm;height:6mm;text-align:left}\
th{background:#eee}.no{width:8mm;text-align:center}.sign{width:32mm}.time{width:22mm}\
@media screen{body{max-width:190mm;margin:8mm auto;padding:0 4mm}}";

/// The sheet to sign, page by page, each with its head.
pub(super) fn sheet(task: &task::Model, org: &str, lines: &[RosterLine]) -> String {
    let coming: Vec<_> = lines.iter().filter(|line| holds_seat(line.state)).collect();
    let total = coming.len() + SPARE;
    let mut body = String::new();
    for first in (0..total).step_by(PER_SHEET) {
        body.push_str("<section>");
        head(&mut body, task, org);
        for at in first..total.min(first + PER_SHEET) {
            row(&mut body, at + 1, coming.get(at).copied());
        }
        body.push_str("</tbody></table>");
        if first + PER_SHEET >= total {
            body.push_str("<p>负责人签字：＿＿＿＿＿＿＿＿　　日期：＿＿＿＿＿＿＿＿</p>");
        }
        body.push_str("</section>\n");
    }
    page(&format!("签到表 · {}", task.title), STYLE, &body)
}

fn head(into: &mut String, task: &task::Model, org: &str) {
    let (title, org) = (escaped(&task.title), escaped(org));
    let place = escaped(task.place_name.as_deref().unwrap_or("见任务说明"));
    let (from, to) = (spoken(task.starts_at), spoken(task.ends_at));
    let _ = write!(
        into,
        "<h1>志愿服务签到表</h1><p>活动：{title}　　组织：{org}</p>\
         <p>时间：{from} 至 {to}　　地点：{place}　　名额：{}</p>\
         <table><thead><tr><th class=\"no\">序号</th><th>姓名</th><th>手机</th>\
         <th class=\"time\">到达</th><th class=\"time\">离开</th><th class=\"sign\">签名</th></tr></thead><tbody>",
        task.slots
    );
}

/// One person, or an empty line.
fn row(into: &mut String, no: usize, line: Option<&RosterLine>) {
    let time = |at: Option<At>| at.map(spoken).unwrap_or_default();
    let name = line.map(|line| escaped(&line.person.name)).unwrap_or_default();
    let phone = line.and_then(|line| line.phone.as_deref()).map(escaped).unwrap_or_default();
    let came = time(line.and_then(|line| line.checked_in_at));
    let left = time(line.and_then(|line| line.checked_out_at));
    let _ = write!(
        into,
        "<tr><td class=\"no\">{no}</td><td>{name}</td><td>{phone}</td><td>{came}</td><td>{left}</td><td></td></tr>"
    );
}
