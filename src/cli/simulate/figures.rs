//! What is counted of the days played.

use entity::At;

use super::world::World;

/// One play, or the mean of several.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Seats of the tasks that count, and those that were taken.
    pub seats: f64,
    pub filled: f64,
    pub notices: f64,
    /// Yeses that found no seat.
    pub turned_away: f64,
    /// Hours from posting to the last seat, of tasks that were filled.
    pub hours: Vec<f64>,
    /// Seats by person.
    pub load: Vec<f64>,
    /// By task: since when, and whether it counts.
    posted: Vec<(At, bool)>,
}

impl Figures {
    pub(super) fn new(world: &World, from: At) -> Self {
        let posted: Vec<_> =
            world.jobs.iter().map(|job| (job.posted, job.posted >= from)).collect();
        let counted = world.jobs.iter().filter(|job| job.posted >= from);
        #[allow(clippy::cast_precision_loss)]
        let seats = counted.map(|job| job.seats).sum::<usize>() as f64;
        Self { seats, load: vec![0.0; world.people.len()], posted, ..Self::default() }
    }

    pub(super) fn notice(&mut self, job: usize) {
        self.notices += self.counts(job);
    }

    pub(super) fn turned_away(&mut self, job: usize) {
        self.turned_away += self.counts(job);
    }

    #[allow(clippy::cast_precision_loss)]
    pub(super) fn seat(&mut self, job: usize, person: usize, now: At, last: bool) {
        let counts = self.counts(job);
        self.filled += counts;
        self.load[person] += counts;
        if last && counts > 0.0 {
            self.hours.push((now.ms() - self.posted[job].0.ms()) as f64 / 3_600_000.0);
        }
    }

    fn counts(&self, job: usize) -> f64 {
        f64::from(u8::from(self.posted[job].1))
    }

    /// Share of the seats that were taken.
    pub fn fill(&self) -> f64 {
        self.filled / self.seats.max(1.0)
    }

    pub fn notices_per_seat(&self) -> f64 {
        self.notices / self.filled.max(1.0)
    }

    pub fn away_per_seat(&self) -> f64 {
        self.turned_away / self.filled.max(1.0)
    }

    /// Median hours until a task was full.
    pub fn median_hours(&self) -> f64 {
        let mut hours = self.hours.clone();
        hours.sort_by(f64::total_cmp);
        hours.get(hours.len() / 2).copied().unwrap_or(0.0)
    }

    /// How unevenly the seats fell: 0, all the same, to 1, all to one person.
    #[allow(clippy::cast_precision_loss)]
    pub fn gini(&self) -> f64 {
        let mut load = self.load.clone();
        load.sort_by(f64::total_cmp);
        let (n, all) = (load.len() as f64, load.iter().sum::<f64>());
        let ranked = load.iter().zip(1..).map(|(seats, rank)| seats * f64::from(rank)).sum::<f64>();
        if all > 0.0 { 2.0 * ranked / (n * all) - (n + 1.0) / n } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gini_is_nought_where_all_have_the_same_and_near_one_where_one_has_all() {
        let of = |load: &[f64]| Figures { load: load.to_vec(), ..Figures::default() }.gini();
        assert!(of(&[2.0; 10]).abs() < 1e-12);
        assert!((of(&[0.0, 0.0, 0.0, 8.0]) - 0.75).abs() < 1e-12);
        assert!(of(&[]).abs() < 1e-12);
    }
}
