//! How likely enough of some people come: the Poisson-binomial distribution, computed exactly.

/// Some people who each come with a chance of their own, independently. Of the distribution of how many come only
/// what falls short of the open seats is kept, so adding one person costs one step per seat.
#[derive(Clone, Debug, PartialEq)]
pub struct Crowd {
    /// The probabilities that 0, 1, … `open` − 1 come.
    short: Vec<f64>,
}

impl Crowd {
    /// Nobody yet, for so many seats.
    pub fn empty(open: usize) -> Self {
        let mut short = vec![0.0; open];
        if let Some(nobody) = short.first_mut() {
            *nobody = 1.0;
        }
        Self { short }
    }

    /// For how many seats.
    pub fn seats(&self) -> usize {
        self.short.len()
    }

    /// One more, who comes with chance `p`.
    pub fn add(&mut self, p: f64) {
        for seats in (1..self.short.len()).rev() {
            self.short[seats] = self.short[seats] * (1.0 - p) + self.short[seats - 1] * p;
        }
        if let Some(nobody) = self.short.first_mut() {
            *nobody *= 1.0 - p;
        }
    }

    /// How likely they fill all seats.
    pub fn chance(&self) -> f64 {
        filled(self.short.iter().sum())
    }

    /// How likely they fill all seats together with others, for the same seats.
    pub fn chance_with(&self, others: &Self) -> f64 {
        let up_to = others.short.iter().scan(0.0, |sum, p| {
            *sum += p;
            Some(*sum)
        });
        let up_to: Vec<f64> = up_to.collect();
        filled(self.short.iter().zip(up_to.iter().rev()).map(|(here, there)| here * there).sum())
    }
}

fn filled(short: f64) -> f64 {
    (1.0 - short).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn of(open: usize, people: &[f64]) -> Crowd {
        let mut crowd = Crowd::empty(open);
        people.iter().for_each(|p| crowd.add(*p));
        crowd
    }

    /// Every way in which they could come, one by one.
    fn by_hand(open: usize, people: &[f64]) -> f64 {
        let ways = (0u32..1 << people.len()).filter(|who| who.count_ones() as usize >= open);
        let comes = |who: u32, at: usize| who >> at & 1 == 1;
        let chance = |who| {
            let each = people.iter().enumerate();
            each.map(|(at, p)| if comes(who, at) { *p } else { 1.0 - p }).product::<f64>()
        };
        ways.map(chance).sum()
    }

    #[test]
    fn no_seat_is_filled_by_nobody_and_one_is_not() {
        assert!((of(0, &[]).chance() - 1.0).abs() < 1e-12);
        assert!(of(1, &[]).chance() < 1e-12);
        assert!((of(2, &[1.0, 1.0]).chance() - 1.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn the_chance_is_exact(open in 0usize..6, people in vec(0.0f64..1.0, 0..10)) {
            prop_assert!((of(open, &people).chance() - by_hand(open, &people)).abs() < 1e-9);
        }

        #[test]
        fn two_crowds_together_are_one(open in 0usize..6, a in vec(0.0f64..1.0, 0..8), b in vec(0.0f64..1.0, 0..8)) {
            let both: Vec<_> = a.iter().chain(&b).copied().collect();
            prop_assert!((of(open, &a).chance_with(&of(open, &b)) - of(open, &both).chance()).abs() < 1e-9);
        }

        #[test]
        fn one_more_never_hurts(open in 1usize..6, people in vec(0.0f64..1.0, 0..40), p in 0.0f64..1.0) {
            let mut more = of(open, &people);
            let before = more.chance();
            more.add(p);
            prop_assert!(more.chance() >= before - 1e-12);
        }
    }
}
