//! `make bench`, third: what more open tasks and more members cost. The same requests at a thousand and at a hundred
//! thousand of each (`LINLI_BENCH=long`: a million), with PostgreSQL and Redis: the list, what is near, the same once
//! more unchanged, a claim; and what a task on the board takes of Redis. Beside what is near, a bare grid.

#![allow(clippy::unwrap_used, reason = "a benchmark that meets what it does not expect ends there")]

#[allow(dead_code, reason = "other benchmarks need the rest")]
#[path = "../harness/mod.rs"]
mod harness;
#[allow(
    dead_code,
    unused_imports,
    reason = "the tests' servers and world; a benchmark needs few of them"
)]
#[path = "../../tests/it/helpers/mod.rs"]
mod helpers;

mod floor;
mod scene;

use harness::{bare::Bare, machine, numbers::Numbers, page, plot};
use helpers::Stack;
use scene::Scene;

/// Phones that ask at once.
const LINES: usize = 16;
const ROUNDS: usize = 5;
/// Requests of a round.
const LOOKS: usize = 2000;
/// Claims of a round, and how many a second.
const CLAIMS: usize = 150;
const RATE: f64 = 150.0;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let words: Vec<String> = std::env::args().collect();
    // `cargo test --benches` asks for the list of tests; there is none.
    if words.iter().any(|word| word == "--list" || word == "--test") {
        return;
    }
    linli::identity::install_token_crypto();
    if let Some(at) = words.iter().position(|word| word == "floors") {
        return floor::serve(&words[at + 1], words[at + 2].parse().expect("how many")).await;
    }
    let on = Stack::from_env();
    if !(on.postgres && on.redis) {
        return;
    }
    let machine = machine::words();
    let long = std::env::var("LINLI_BENCH").is_ok_and(|form| form == "long");
    let sizes: &[usize] = if long { &[1000, 100_000, 1_000_000] } else { &[1000, 100_000] };
    let mut all = Vec::new();
    for &size in sizes {
        let mut scene = Scene::set(on, size).await;
        let bare = Bare::start(&[&size.to_string()]).await;
        eprintln!("{size} 个开放的任务，{size} 名党员 (open tasks, members)");
        all.push(measure(&mut scene, &bare, size).await);
    }
    report(&machine, &all);
}

/// Milliseconds of each path at one size, and requests a second.
struct Measured {
    size: usize,
    list: Numbers,
    near: Numbers,
    same: Numbers,
    claim: Numbers,
    near_a_second: Vec<f64>,
    same_a_second: Vec<f64>,
    floor_a_second: Vec<f64>,
    hello_a_second: Vec<f64>,
    redis_bytes: f64,
}

async fn measure(scene: &mut Scene, bare: &Bare, size: usize) -> Measured {
    let (mut list, mut near, mut same, mut claim) = (vec![], vec![], vec![], vec![]);
    let (mut near_s, mut same_s, mut floor_s, mut hello_s) = (vec![], vec![], vec![], vec![]);
    for _ in 0..ROUNDS {
        let lists = scene.looks(LINES, LOOKS / 4 / LINES, "");
        list.extend(scene.ask(&scene.linli_address(), lists, 200).await.waits);
        let told = scene.ask(&bare.address, scene.bare_looks(LINES, LOOKS / LINES), 200).await;
        floor_s.push(told.a_second);
        let told = scene.ask(&scene.linli_address(), scene.near(LINES, LOOKS / LINES), 200).await;
        near_s.push(told.a_second);
        near.extend(told.waits);
        let told = scene.ask(&bare.address, scene.hello(LINES, LOOKS / LINES), 200).await;
        hello_s.push(told.a_second);
        let asked = scene.near_unchanged(LINES, LOOKS / LINES).await;
        let told = scene.ask(&scene.linli_address(), asked, 304).await;
        same_s.push(told.a_second);
        same.extend(told.waits);
        claim.extend(scene.claims(CLAIMS, RATE).await);
    }
    Measured {
        size,
        list: Numbers::of(list),
        near: Numbers::of(near),
        same: Numbers::of(same),
        claim: Numbers::of(claim),
        near_a_second: near_s,
        same_a_second: same_s,
        floor_a_second: floor_s,
        hello_a_second: hello_s,
        redis_bytes: scene.redis_bytes_a_task,
    }
}

fn beside(one: &[f64], floor: &[f64]) -> String {
    Numbers::of(one.iter().zip(floor).map(|(one, floor)| one / floor)).spread(2)
}

fn report(machine: &str, all: &[Measured]) {
    let sizes: Vec<_> = all.iter().map(|one| one.size.to_string()).collect();
    let mut table = format!("| 开放的任务、党员，各 | {} |\n", sizes.join(" | "));
    table += &format!("| --- |{}\n", " --- |".repeat(all.len()));
    let mut row = |what: &str, say: &dyn Fn(&Measured) -> String| {
        let cells: Vec<_> = all.iter().map(say).collect();
        table += &format!("| {what} | {} |\n", cells.join(" | "));
    };
    row("任务列表 p50，毫秒", &|one| format!("{:.2}", one.list.median()));
    row("离我近的 p50，毫秒", &|one| format!("{:.2}", one.near.median()));
    row("没有变的（304）p50，毫秒", &|one| format!("{:.2}", one.same.median()));
    row("接单 p50，毫秒", &|one| format!("{:.2}", one.claim.median()));
    row("接单 p99，毫秒", &|one| format!("{:.2}", one.claim.at(0.99)));
    row("离我近的，每秒", &|one| Numbers::of(one.near_a_second.clone()).spread(0));
    row("地板：光秃秃的格子，每秒", &|one| {
        Numbers::of(one.floor_a_second.clone()).spread(0)
    });
    row("离我近的 ÷ 格子，目标 0.8", &|one| {
        beside(&one.near_a_second, &one.floor_a_second)
    });
    row("304 ÷ hello，目标 0.8", &|one| beside(&one.same_a_second, &one.hello_a_second));
    row("每个开放的任务占 Redis，字节，目标 700", &|one| {
        format!("{:.0}", one.redis_bytes)
    });
    let (least, most) = (&all[0], &all[all.len() - 1]);
    let grown = [
        ("接单 p99，最多 ÷ 最少，目标 1.3", most.claim.at(0.99) / least.claim.at(0.99)),
        ("任务列表 p50，最多 ÷ 最少，目标 2", most.list.median() / least.list.median()),
        ("离我近的 p50，最多 ÷ 最少，目标 2", most.near.median() / least.near.median()),
    ];
    let grown: Vec<_> = grown.map(|(what, ratio)| (what, format!("{ratio:.2}"))).into();
    let series = |pick: &dyn Fn(&Measured) -> f64| all.iter().map(pick).collect::<Vec<f64>>();
    let lines = [
        ("列表 p50", series(&|one| one.list.median())),
        ("附近 p50", series(&|one| one.near.median())),
        ("接单 p99", series(&|one| one.claim.at(0.99))),
    ];
    let title = format!("毫秒，开放的任务 {}", sizes.join("、"));
    let picture = page::picture("growth", &title, &plot::lines(&title, "ms", &lines));
    let text = format!(
        "{machine}。{ROUNDS} 轮，{LINES} 部手机；接单每秒 {RATE:.0} 次，匀速。每个社区五十个开放的任务，任务多了社区也多；另有五十个面向整个街道。\n\n{table}\n{}\n{picture}",
        page::table(&grown)
    );
    page::put("growth", &text);
    println!("{text}");
}
