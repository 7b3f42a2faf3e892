//! `make bench`, first: a theme day is announced to a hundred thousand members, and people claim seats meanwhile.
//!
//! The announcement alone: wall time, rows a second beside the floor's, memory. Then rounds of two phases in turn,
//! without and with the announcement under way, claims coming at half the rate the service can take: how much longer
//! the slowest hundredth takes. `LINLI_BENCH_MEMBERS`, `LINLI_BENCH_ROUNDS` and `LINLI_BENCH_SECONDS` (of a phase) make
//! it longer.

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

mod scene;

use std::time::Duration;

use harness::{floor, machine, numbers::Numbers, page, plot};
use helpers::{Stack, stack};
use linli::{
    kernel::clock::{Stopwatch, pause},
    telling::crowd::chunk_size,
};
use scene::Scene;

/// Rows an announcement makes for each member: a line in the inbox, a message to the phone.
const ROWS: usize = 2;

struct Size {
    members: usize,
    rounds: usize,
    phase: Duration,
}

impl Size {
    fn from_env() -> Self {
        let long = std::env::var("LINLI_BENCH").is_ok_and(|form| form == "long");
        let (rounds, seconds) = if long { (15, 10) } else { (5, 4) };
        Self {
            members: number("LINLI_BENCH_MEMBERS").unwrap_or(100_000),
            rounds: number("LINLI_BENCH_ROUNDS").unwrap_or(rounds),
            phase: Duration::from_secs(number("LINLI_BENCH_SECONDS").unwrap_or(seconds) as u64),
        }
    }
}

fn number(key: &str) -> Option<usize> {
    std::env::var(key).ok()?.parse().ok()
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    // `cargo test --benches` asks for the list of tests; there is none.
    if std::env::args().any(|word| word == "--list" || word == "--test") {
        return;
    }
    let (on, size, machine) = (Stack::from_env(), Size::from_env(), machine::words());
    let watch = Stopwatch::start();
    let mut scene = Scene::set(on, size.members).await;
    eprintln!("{} 名党员就位 (seeded), {:.0} s", size.members, watch.elapsed().as_secs_f64());
    let alone = alone(&mut scene, on, &size).await;
    eprintln!(
        "单独通知 (alone) {:.1} s, {:.0} s so far",
        alone.wall.median(),
        watch.elapsed().as_secs_f64()
    );
    let beside = beside(&mut scene, &size).await;
    report(on, &size, &machine, &alone, &beside);
    eprintln!("{:.0} s", watch.elapsed().as_secs_f64());
}

struct Alone {
    wall: Numbers,
    rows: Numbers,
    floor: Numbers,
    ratio: Numbers,
    memory: (u64, u64),
}

/// Announcements with nothing else going on, and the floor after each.
#[allow(clippy::cast_precision_loss)]
async fn alone(scene: &mut Scene, on: Stack, size: &Size) -> Alone {
    let bare = stack::open(&on.empty_database().await).await;
    floor::lay(&bare).await;
    let rows = size.members * ROWS;
    // The floor's transactions are as large as the service's.
    let chunk = usize::try_from(chunk_size(!on.postgres)).unwrap() * ROWS;
    let (before, _) = machine::memory(scene.linli.id());
    let (mut walls, mut floors) = (Vec::new(), Vec::new());
    for turn in 0..2 {
        let watch = Stopwatch::start();
        scene.announce().await;
        while !scene.is_over().await {
            pause(Duration::from_millis(50)).await;
        }
        walls.push(watch.elapsed().as_secs_f64());
        floors.push(floor::rows_a_second(&bare, turn * rows, rows, chunk).await);
    }
    bare.close().await;
    let (_, peak) = machine::memory(scene.linli.id());
    let product: Vec<_> = walls.iter().map(|wall| rows as f64 / wall).collect();
    let ratio = product.iter().zip(&floors).map(|(product, floor)| product / floor);
    Alone {
        ratio: Numbers::of(ratio),
        rows: Numbers::of(product),
        wall: Numbers::of(walls),
        floor: Numbers::of(floors),
        memory: (before, peak),
    }
}

struct Beside {
    most: f64,
    quiet: Vec<Numbers>,
    busy: Vec<Numbers>,
    /// Members told a second while people claimed.
    told: Numbers,
}

impl Beside {
    fn p99(of: &[Numbers]) -> Vec<f64> {
        of.iter().map(|waits| waits.at(0.99)).collect()
    }

    fn ratio(&self, share: f64) -> Numbers {
        let pairs = self.quiet.iter().zip(&self.busy);
        Numbers::of(pairs.map(|(quiet, busy)| busy.at(share) / quiet.at(share)))
    }
}

/// Claims without and with an announcement under way, in turn.
async fn beside(scene: &mut Scene, size: &Size) -> Beside {
    let load = scene.claimers().await;
    let most = load.flat_out(&scene.linli, size.phase).await;
    let most = load.flat_out(&scene.linli, size.phase).await.max(most);
    let (mut quiet, mut busy, mut told) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..size.rounds {
        scene.hold_back().await;
        quiet.push(load.paced(&scene.linli, size.phase, most / 2.0).await);
        let from = scene.go_on(size.members).await;
        busy.push(load.paced(&scene.linli, size.phase, most / 2.0).await);
        #[allow(clippy::cast_precision_loss)]
        told.push((scene.told().await - from) as f64 / size.phase.as_secs_f64());
    }
    Beside { most, quiet, busy, told: Numbers::of(told) }
}

fn report(on: Stack, size: &Size, machine: &str, alone: &Alone, beside: &Beside) {
    let name = if on.postgres { "postgres" } else { "sqlite" };
    let spoken = match (on.postgres, on.redis) {
        (true, true) => "PostgreSQL + Redis",
        (true, false) => "PostgreSQL",
        (false, true) => "SQLite + Redis",
        (false, false) => "SQLite",
    };
    let waits =
        |share: f64, of: &[Numbers]| Numbers::of(of.iter().map(|waits| waits.at(share))).spread(1);
    let rows = [
        ("通知的人数", size.members.to_string()),
        ("全部通知到，秒", alone.wall.spread(1)),
        ("每秒行数（收件箱一行、手机消息一行）", alone.rows.spread(0)),
        ("地板：每秒行数（只有主键的表，同样大小的事务，不让路）", alone.floor.spread(0)),
        ("比地板", alone.ratio.spread(2)),
        ("服务进程的内存，MiB：之前 → 最高", format!("{} → {}", alone.memory.0, alone.memory.1)),
        ("每秒接单，尽全力", format!("{:.0}", beside.most)),
        ("接单 p50，毫秒：没有通知时", waits(0.5, &beside.quiet)),
        ("接单 p50，毫秒：通知进行时", waits(0.5, &beside.busy)),
        ("接单 p99，毫秒：没有通知时", waits(0.99, &beside.quiet)),
        ("接单 p99，毫秒：通知进行时", waits(0.99, &beside.busy)),
        (
            "**p99 之比，每轮相邻的两段，不得超过 1.5**",
            format!("**{}**", beside.ratio(0.99).spread(2)),
        ),
        ("这时每秒通知的人数", beside.told.spread(0)),
    ];
    let series =
        [("没有通知时", Beside::p99(&beside.quiet)), ("通知进行时", Beside::p99(&beside.busy))];
    let title = format!("接单 p99，{spoken}，一轮一轮");
    let picture =
        page::picture(&format!("fanout-{name}"), &title, &plot::lines(&title, "ms", &series));
    let rounds = size.rounds;
    let seconds = size.phase.as_secs();
    let claims: usize = beside.quiet.iter().chain(&beside.busy).map(Numbers::count).sum();
    let text = format!(
        "{machine}。{rounds} 轮，每段 {seconds} 秒，共 {claims} 次接单，按全力的一半匀速到来；中位数（最小–最大）。\n\n{}\n{picture}",
        page::table(&rows)
    );
    page::put(&format!("fanout {name}"), &text);
    println!("{spoken}\n{text}");
}
