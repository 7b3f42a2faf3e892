//! No policy fills more: the ex-ante linear programme, bounded from above by its dual. `docs/dispatch-quality.md`
//! derives it.

use entity::At;

use super::world::{DAY, INACTIVE, Job, World};

const STEPS: u32 = 600;

/// The programme: for each class of tasks its seats and how many they are; for each person how likely they take a
/// seat of each class, and how many messages they can look at.
pub struct Programme {
    pub seats: Vec<f64>,
    pub jobs: Vec<f64>,
    /// By person, by class.
    pub likes: Vec<Vec<f64>>,
    pub looks: f64,
}

/// Seats no policy passes, and seats the best one found reaches within the programme: the truth lies between.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    pub above: f64,
    pub below: f64,
}

impl Programme {
    /// Of the tasks posted from a day on.
    #[allow(clippy::cast_precision_loss)]
    pub fn of(world: &World, from: At) -> Self {
        let (mut seats, mut jobs) = (vec![0.0; Job::CLASSES], vec![0.0; Job::CLASSES]);
        let mut example = vec![None; Job::CLASSES];
        let counted: Vec<_> = world.jobs.iter().filter(|job| job.posted >= from).collect();
        for job in &counted {
            seats[job.class()] += job.seats as f64;
            jobs[job.class()] += 1.0;
            example[job.class()] = Some(*job);
        }
        let likes = world.people.iter().map(|person| {
            example.iter().map(|job| job.map_or(0.0, |job| person.likes(job))).collect()
        });
        // From the first task to the last.
        let span = counted.first().zip(counted.last());
        let days =
            span.map_or(0.0, |(a, b)| (b.posted.ms() - a.posted.ms()) as f64 / 86_400_000.0) + 2.0;
        let looks = 1.0 + days * DAY.as_secs_f64() / INACTIVE.as_secs_f64();
        Self { seats, jobs, likes: likes.collect(), looks }
    }

    /// Any prices give a bound: what the seats cost plus the most each person can earn. Subgradient steps lower it;
    /// the mean of the answers on the way is a plan within the programme, which bounds it from below.
    pub fn solve(&self) -> Bound {
        let mut prices = vec![0.0; self.seats.len()];
        let mut mean = vec![0.0; self.seats.len()];
        let mut bound = Bound { above: f64::INFINITY, below: 0.0 };
        let all: f64 = self.seats.iter().sum();
        for step in 1..=STEPS {
            let mut filled = vec![0.0; self.seats.len()];
            let mut earned = 0.0;
            for likes in &self.likes {
                earned += self.best(likes, &prices, &mut filled);
            }
            let paid: f64 =
                prices.iter().zip(&self.seats).map(|(price, seats)| price * seats).sum();
            bound.above = bound.above.min(paid + earned).min(all);
            // Later answers weigh more: the first ones are poor.
            let weight = 2.0 / (f64::from(step) + 1.0);
            for (mean, filled) in mean.iter_mut().zip(&filled) {
                *mean += weight * (filled - *mean);
            }
            let within = mean.iter().zip(&self.seats).map(|(mean, seats)| mean.min(*seats));
            bound.below = bound.below.max(within.sum());
            let slope: Vec<_> =
                filled.iter().zip(&self.seats).map(|(filled, seats)| filled - seats).collect();
            let steep = slope.iter().map(|slope| slope * slope).sum::<f64>().max(1e-12);
            let stride =
                ((paid + earned - bound.below).max(0.0) / steep).min(1.0 / f64::from(step).sqrt());
            for (price, slope) in prices.iter_mut().zip(&slope) {
                *price = (*price + stride * slope).clamp(0.0, 1.0);
            }
        }
        bound
    }

    /// The most one person earns at these prices: their looks go to what pays best, each task once. Adds what they
    /// would fill.
    fn best(&self, likes: &[f64], prices: &[f64], filled: &mut [f64]) -> f64 {
        let pays = |class: usize| likes[class] * (1.0 - prices[class]);
        let mut order: Vec<_> = (0..likes.len()).filter(|class| pays(*class) > 0.0).collect();
        order.sort_by(|a, b| pays(*b).total_cmp(&pays(*a)));
        let (mut left, mut earned) = (self.looks, 0.0);
        for class in order {
            let looks = self.jobs[class].min(left);
            earned += pays(class) * looks;
            filled[class] += likes[class] * looks;
            left -= looks;
            if left <= 0.0 {
                break;
            }
        }
        earned
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two classes of one task with one seat, one person with one look: the likelier class gets it.
    #[test]
    fn a_programme_small_enough_for_the_head() {
        let programme = Programme {
            seats: vec![1.0, 1.0],
            jobs: vec![1.0, 1.0],
            likes: vec![vec![0.3, 0.5]],
            looks: 1.0,
        };
        let bound = programme.solve();
        assert!((bound.above - 0.5).abs() < 1e-6 && (bound.below - 0.5).abs() < 1e-6, "{bound:?}");
    }

    /// Three who each love the first class fill its one seat; the rest of their looks goes to the second.
    /// By hand: one asked for the first (1.0), two for the second (0.2 each).
    #[test]
    fn a_seat_is_filled_once() {
        let programme = Programme {
            seats: vec![1.0, 9.0],
            jobs: vec![1.0, 9.0],
            likes: vec![vec![1.0, 0.2]; 3],
            looks: 1.0,
        };
        let bound = programme.solve();
        assert!(bound.below <= bound.above + 1e-9);
        assert!((bound.above - 1.4).abs() < 0.03 && (bound.below - 1.4).abs() < 0.1, "{bound:?}");
    }
}
