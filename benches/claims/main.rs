//! `make bench`, second: taps on a task, beside floors that do nothing but what cannot be left out.
//!
//! Rounds of all paths in turn, product and floor next to each other: refused because it is full; granted and durable;
//! then a race of a crowd on few seats. `LINLI_BENCH_ROUNDS` and `LINLI_BENCH=long` make it longer.

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

mod floors;
mod scene;

use harness::{bare::Bare, machine, numbers::Numbers, page, plot, wire};
use helpers::{Stack, servers, stack};
use scene::{IN_A_ROW, Scene};

/// Connections of the crowd.
const LINES: usize = 64;
const RACE: (usize, usize, usize) = (2000, 3, 20);

struct Size {
    rounds: usize,
    /// Requests of a round on the paths that write nothing.
    light: usize,
    /// Members who claim in a round.
    members: usize,
    races: usize,
}

impl Size {
    fn from_env() -> Self {
        let long = std::env::var("LINLI_BENCH").is_ok_and(|form| form == "long");
        let rounds = std::env::var("LINLI_BENCH_ROUNDS").ok().and_then(|text| text.parse().ok());
        let rounds = rounds.unwrap_or(if long { 11 } else { 5 });
        let (light, members) = if long { (64_000, 2000) } else { (32_000, 500) };
        Self { rounds, light, members, races: if long { 5 } else { 2 } }
    }

    fn people(&self) -> usize {
        1 + self.rounds * 3 * (self.members + LINES + 1) + self.races * RACE.0
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let words: Vec<String> = std::env::args().collect();
    // `cargo test --benches` asks for the list of tests; there is none.
    if words.iter().any(|word| word == "--list" || word == "--test") {
        return;
    }
    linli::identity::install_token_crypto();
    if let Some(at) = words.iter().position(|word| word == "floors") {
        return floors::serve(&words[at + 1], &words[at + 2], &words[at + 3]).await;
    }
    let (on, size, machine) = (Stack::from_env(), Size::from_env(), machine::words());
    let mut scene = Scene::set(on, size.people()).await;
    eprintln!("{} 名党员就位 (seeded)", size.people());
    let database = on.empty_database().await;
    let bare_db = stack::open(&database).await;
    floors::lay(&bare_db, 16).await;
    let redis = if on.redis { servers::redis() } else { "" };
    let bare = Bare::start(&[&database, redis]).await;
    let measured = measure(&mut scene, &bare, on, &size).await;
    let races = races(&mut scene, &size).await;
    report(on, &size, &machine, &measured, &races);
}

/// One path, round by round.
#[derive(Default)]
struct Path {
    a_second: Vec<f64>,
    p99: Vec<f64>,
}

impl Path {
    fn add(&mut self, told: &wire::Told, status: u16) {
        let other = told.heard.iter().find(|(heard, _)| *heard != status);
        assert!(other.is_none(), "expected {status} and heard {other:?}");
        self.a_second.push(told.a_second);
        self.p99.push(Numbers::of(told.waits.iter().copied()).at(0.99));
    }

    fn beside(&self, floor: &Self) -> Numbers {
        Numbers::of(self.a_second.iter().zip(&floor.a_second).map(|(one, floor)| one / floor))
    }
}

#[derive(Default)]
struct Measured {
    hello: Path,
    signed: Path,
    script: Path,
    refused: Path,
    through: Path,
    single: Path,
    together: Path,
    gated: Path,
    granted: Path,
    alone: Path,
    /// At half of what they can.
    half: Half,
}

#[derive(Default)]
struct Half {
    signed: Path,
    refused: Path,
    together: Path,
    granted: Path,
}

async fn measure(scene: &mut Scene, bare: &Bare, on: Stack, size: &Size) -> Measured {
    let mut all = Measured::default();
    let token = scene.fresh(1).remove(0);
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str())];
    let many = |request: Vec<u8>, n: usize| vec![vec![request; n / LINES]; LINES];
    let grants = size.members * IN_A_ROW;
    for round in 0..size.rounds {
        let ask = async |method, path: &str, n| {
            wire::ask_all(&bare.address, many(wire::request(method, path, &headers), n)).await
        };
        all.hello.add(&ask("GET", "/hello", size.light).await, 200);
        all.signed.add(&ask("POST", "/signed", size.light).await, 409);
        let taps = scene.full(size.light, LINES).await;
        all.refused.add(&wire::ask_all(&scene.address(), taps).await, 409);
        if on.redis {
            all.script.add(&ask("POST", "/script", size.light).await, 409);
            let taps = scene.full(size.light, LINES).await;
            all.through.add(&wire::ask_all(&scene.asking(), taps).await, 409);
        }
        all.single.add(&ask("POST", "/single/1", grants / 4).await, 201);
        all.together.add(&ask("POST", "/together/1", grants).await, 201);
        if on.redis {
            all.gated.add(&ask("POST", "/gated/1", grants).await, 201);
        }
        let taps = scene.claims(size.members, LINES).await;
        all.granted.add(&wire::ask_all(&scene.address(), taps).await, 201);
        if on.redis {
            let taps = scene.claims(size.members, LINES).await;
            all.alone.add(&wire::ask_all(&scene.alone(), taps).await, 201);
        }
        half(&mut all, scene, bare, size, &headers).await;
        eprintln!("第 {} 轮 (round)", round + 1);
    }
    all
}

/// The same at half the pace, each its own.
async fn half(
    all: &mut Measured,
    scene: &mut Scene,
    bare: &Bare,
    size: &Size,
    headers: &[(&str, &str)],
) {
    let last = |path: &Path| path.a_second.last().map_or(1.0, |rate| rate / 2.0);
    let many =
        |path: &str, n: usize| vec![vec![wire::request("POST", path, headers); n / LINES]; LINES];
    let (refusals, grants) = (size.light / 2, size.members * IN_A_ROW);
    let told = wire::ask_paced(&bare.address, many("/signed", refusals), last(&all.signed)).await;
    all.half.signed.add(&told, 409);
    let taps = scene.full(refusals, LINES).await;
    let told = wire::ask_paced(&scene.address(), taps, last(&all.refused)).await;
    all.half.refused.add(&told, 409);
    let told =
        wire::ask_paced(&bare.address, many("/together/1", grants), last(&all.together)).await;
    all.half.together.add(&told, 201);
    let taps = scene.claims(size.members, LINES).await;
    let told = wire::ask_paced(&scene.address(), taps, last(&all.granted)).await;
    all.half.granted.add(&told, 201);
}

/// Milliseconds from the first tap to the last seat, and to the last answer.
async fn races(scene: &mut Scene, size: &Size) -> (Numbers, Numbers) {
    let (people, taps, seats) = RACE;
    let (mut filled, mut over) = (Vec::new(), Vec::new());
    for _ in 0..size.races {
        let (task, lists) = scene.race(people, taps, seats).await;
        let told = wire::ask_all(&scene.address(), lists).await;
        let won: Vec<_> = told.heard.iter().filter(|(status, _)| *status == 201).collect();
        assert_eq!((won.len(), scene.claimed(&task).await), (seats, seats as u64), "exact");
        filled.push(won.iter().map(|(_, at)| *at).fold(0.0, f64::max));
        over.push(told.heard.iter().map(|(_, at)| *at).fold(0.0, f64::max));
    }
    (Numbers::of(filled), Numbers::of(over))
}

fn report(
    on: Stack,
    size: &Size,
    machine: &str,
    all: &Measured,
    (filled, over): &(Numbers, Numbers),
) {
    let (name, spoken) =
        if on.postgres { ("postgres", "PostgreSQL + Redis") } else { ("sqlite", "SQLite") };
    let line = |what: &str, path: &Path| {
        let beside = path.beside(&all.hello).spread(3);
        let (a_second, p99) = (Numbers::of(path.a_second.clone()), Numbers::of(path.p99.clone()));
        format!("| {what} | {} | {beside} | {} |\n", a_second.spread(0), p99.spread(1))
    };
    let mut table = "| | 每秒 | × hello | p99，毫秒 |\n| --- | --- | --- | --- |\n".to_owned();
    table += &line("地板：hello", &all.hello);
    table += &line("地板：POST + HS256", &all.signed);
    table += &line("**产品：满了，拒绝**", &all.refused);
    if on.redis {
        table += &line("地板：+ 一次 EVALSHA", &all.script);
        table += &line("**产品：满了，问过 Redis 再拒绝**", &all.through);
    }
    table += &line("地板：一单一个事务", &all.single);
    table += &line("地板：一批一个事务", &all.together);
    if on.redis {
        table += &line("地板：EVALSHA，再一批一个事务", &all.gated);
    }
    table += &line("**产品：接到了，落了盘**", &all.granted);
    if on.redis {
        table += &line("**产品：Redis 不在，接到了**", &all.alone);
    }
    let (people, taps, seats) = RACE;
    let of = |path: &Path| Numbers::of(path.p99.iter().copied()).spread(1);
    let p99 = |one: &Path, floor: &Path| {
        let ratio = Numbers::of(one.p99.iter().zip(&floor.p99).map(|(one, floor)| one / floor));
        format!("{}；{} 比 {} 毫秒", ratio.spread(2), of(one), of(floor))
    };
    let mut rows =
        vec![("拒绝 ÷ (POST + HS256)，目标 0.85", all.refused.beside(&all.signed).spread(2))];
    let bare = if on.redis { &all.gated } else { &all.together };
    if on.redis {
        let (through, alone) = (all.through.beside(&all.script), all.alone.beside(&all.together));
        rows.push(("问过 Redis 再拒绝 ÷ EVALSHA，目标 0.85", through.spread(2)));
        rows.push(("Redis 不在，接到 ÷ 一批一个事务，目标 0.7", alone.spread(2)));
    }
    rows.extend([
        (
            "接到 ÷ 一批一个事务（有 Redis 时连 EVALSHA），目标 0.8",
            all.granted.beside(bare).spread(2),
        ),
        ("接到 ÷ 一单一个事务，目标 10", all.granted.beside(&all.single).spread(2)),
        ("各自一半的快慢时，拒绝的 p99 ÷ 地板，目标 1.3", p99(&all.half.refused, &all.half.signed)),
        (
            "各自一半的快慢时，接到的 p99 ÷ 地板，目标 1.5",
            p99(&all.half.granted, &all.half.together),
        ),
        ("抢单：最后一个名额给出，毫秒，目标 60", filled.spread(0)),
        ("抢单：最后一个答复，毫秒", over.spread(0)),
    ]);
    let series = [
        ("地板一单", all.single.a_second.clone()),
        ("地板一批", all.together.a_second.clone()),
        ("产品", all.granted.a_second.clone()),
    ];
    let title = format!("每秒接到，{spoken}，一轮一轮");
    let picture =
        page::picture(&format!("claims-{name}"), &title, &plot::lines(&title, "/s", &series));
    let text = format!(
        "{machine}。{} 轮，{LINES} 条连接，产品和地板一段挨一段；中位数（最小–最大）。每名党员一连接 {IN_A_ROW} 个任务。\
         抢单：{people} 人各点 {taps} 下，{seats} 个名额，{} 次，每次正好 {seats} 个。\n\n{table}\n{}\n{picture}",
        size.rounds,
        size.races,
        page::table(&rows)
    );
    page::put(&format!("claims {name}"), &text);
    println!("{spoken}\n{text}");
}
