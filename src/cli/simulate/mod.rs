//! `linli simulate dispatch`: whom to ask, played through on paper people, five ways, beside what nobody can pass.

mod bound;
mod dice;
mod figures;
mod page;
mod play;
mod plot;
mod policy;
mod world;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand};

use bound::Programme;
use figures::Figures;
use play::play;
use policy::Policy;
use world::{BEGIN, DAY, Size, World};

/// Days before those that count: until some are tired and something is known of most.
const BEFORE: u64 = 30;
/// A branch, a community, a street; each with about as much to do by person, and one with twice as much.
const SIZES: [Size; 4] = [
    Size { members: 60, jobs_per_day: 0.6 },
    Size { members: 200, jobs_per_day: 2.0 },
    Size { members: 200, jobs_per_day: 4.0 },
    Size { members: 600, jobs_per_day: 6.0 },
];

#[derive(Debug, Args)]
pub struct Simulate {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// 找人的几种办法各过一段日子，写成表和图 (five ways of asking, as a table and plots)
    Dispatch(Dispatch),
}

#[derive(Debug, Args)]
struct Dispatch {
    /// 每种规模过几遍，种子从 1 数起 (how often each size is played)
    #[arg(long, default_value_t = 10, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1000))]
    seeds: u64,
    /// 每遍计多少天，之前另有 30 天不计 (days that count, after thirty that do not)
    #[arg(long, default_value_t = 180, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=3650))]
    days: u64,
    /// 写到哪个文件夹：dispatch-quality.md 里两个标记之间，图在旁边 (the folder to write to)
    #[arg(long, default_value = "docs", value_name = "DIR")]
    out: PathBuf,
}

/// All plays of one size.
pub struct Outcome {
    pub size: Size,
    /// By policy, by seed.
    pub plays: Vec<(Policy, Vec<Figures>)>,
    /// By seed: the share of the seats that nobody passes, and what the programme surely reaches.
    pub bounds: Vec<(f64, f64)>,
}

impl Simulate {
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let What::Dispatch(asked) = self.what;
        let outcomes: Vec<_> =
            SIZES.iter().map(|size| outcome(*size, asked.days, asked.seeds)).collect();
        page::write(&asked.out, &outcomes, asked.days)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn outcome(size: Size, days: u64, seeds: u64) -> Outcome {
    let mut plays: Vec<_> = Policy::ALL.iter().map(|policy| (*policy, Vec::new())).collect();
    let mut bounds = Vec::new();
    for seed in 1..=seeds {
        eprint!("\r{} 人，每天 {} 个任务：{seed}/{seeds} ", size.members, size.jobs_per_day);
        let world = World::new(size, BEFORE + days, seed);
        for (policy, figures) in &mut plays {
            figures.push(play(&world, *policy, seed, BEFORE));
        }
        let from = BEGIN.plus(DAY * u32::try_from(BEFORE).unwrap_or(0));
        let (programme, bound) = bounded(&world, from);
        bounds.push((bound.above / programme, bound.below / programme));
    }
    eprintln!();
    Outcome { size, plays, bounds }
}

/// The seats there are, and how many can be filled.
fn bounded(world: &World, from: entity::At) -> (f64, bound::Bound) {
    let programme = Programme::of(world, from);
    (programme.seats.iter().sum::<f64>().max(1.0), programme.solve())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Size = Size { members: 80, jobs_per_day: 1.0 };

    fn plays(policy: Policy) -> Figures {
        let mut sum = Figures::default();
        for seed in 1..=3 {
            let one = play(&World::new(SMALL, 150, seed), policy, seed, BEFORE);
            sum.seats += one.seats;
            sum.filled += one.filled;
            sum.notices += one.notices;
        }
        sum
    }

    /// At least as many seats are filled as by asking everybody, with at most half the messages.
    fn fills_and_spares(policy: Policy) -> bool {
        let (one, everyone) = (plays(policy), plays(Policy::Everyone));
        one.filled >= everyone.filled && 2.0 * one.notices <= everyone.notices
    }

    #[test]
    fn ours_fills_as_many_seats_as_asking_everyone_with_half_the_messages() {
        assert!(
            fills_and_spares(Policy::Ours),
            "{:?}",
            (plays(Policy::Ours), plays(Policy::Everyone))
        );
    }

    #[test]
    fn drawing_lots_does_not() {
        assert!(!fills_and_spares(Policy::Random), "the measure tells a good policy from none");
    }

    #[test]
    fn the_same_seed_plays_the_same_days() {
        let played = || play(&World::new(SMALL, 40, 7), Policy::Ours, 7, 0);
        let (one, other) = (played(), played());
        assert_eq!(
            (one.filled, one.notices, one.hours),
            (other.filled, other.notices, other.hours)
        );
    }

    #[test]
    fn nobody_passes_the_bound() {
        let world = World::new(SMALL, 150, 1);
        let (_, bound) = bounded(&world, BEGIN);
        for policy in Policy::ALL {
            let filled = play(&world, policy, 1, 0).filled;
            // The bound is of the mean; one play may lie above it by luck, by a few standard deviations.
            assert!(filled <= bound.above + 4.0 * filled.sqrt(), "{policy:?}: {filled} {bound:?}");
        }
        assert!(bound.below > 0.97 * bound.above, "{bound:?}");
    }
}
