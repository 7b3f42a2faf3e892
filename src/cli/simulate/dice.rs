//! Chance for the simulated days.

use std::time::Duration;

use crate::kernel::Rng;

/// Draws by distribution from a seeded source.
pub struct Dice(Rng);

impl Dice {
    /// The same sequence for the same seed and use.
    pub fn new(seed: u64, r#use: u64) -> Self {
        Self(Rng::from_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(r#use)))
    }

    /// 0 to 1, evenly.
    #[allow(clippy::cast_precision_loss)]
    pub fn unit(&self) -> f64 {
        self.0.below(1 << 53) as f64 / (1u64 << 53) as f64
    }

    /// Whether something of that chance happens.
    pub fn hits(&self, chance: f64) -> bool {
        self.unit() < chance
    }

    /// A time without memory, by its mean.
    pub fn wait(&self, mean: Duration) -> Duration {
        mean.mul_f64(-(1.0 - self.unit()).ln())
    }

    /// A place in a list, by weights.
    pub fn weighed(&self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        let passed = weights.iter().take_while(|weight| {
            left -= **weight;
            left >= 0.0
        });
        passed.count().min(weights.len() - 1)
    }

    /// A list in random order.
    pub fn shuffle<T>(&self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            let other = self.0.below(at as u64 + 1);
            list.swap(at, usize::try_from(other).unwrap_or(at));
        }
    }
}
