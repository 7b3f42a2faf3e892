//! How often we may repeat ourselves: one call in ten, so that a WeChat in trouble is not asked twice as much.

/// Tenths of a repetition.
const COST: u32 = 10;
const MOST: u32 = 10 * COST;

#[derive(Debug)]
pub(super) struct Budget(u32);

impl Default for Budget {
    fn default() -> Self {
        Self(MOST)
    }
}

impl Budget {
    /// A call is made for the first time.
    pub(super) fn earn(&mut self) {
        self.0 = (self.0 + 1).min(MOST);
    }

    /// Whether it may be repeated; if so, it counts.
    pub(super) fn spend(&mut self) -> bool {
        match self.0.checked_sub(COST) {
            Some(left) => {
                self.0 = left;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_at_once_and_then_one_in_ten() {
        let mut budget = Budget::default();
        assert!((0..10).all(|_| budget.spend()));
        assert!(!budget.spend());
        for _ in 0..9 {
            budget.earn();
        }
        assert!(!budget.spend());
        budget.earn();
        assert!(budget.spend());
        for _ in 0..1000 {
            budget.earn();
        }
        assert_eq!(budget.0, MOST);
    }
}
