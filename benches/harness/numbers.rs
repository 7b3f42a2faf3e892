//! Medians, percentiles, spread.

/// Several measurements of one thing.
#[derive(Clone, Debug)]
pub struct Numbers(Vec<f64>);

impl Numbers {
    /// # Panics
    /// Without any.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<_> = values.into_iter().collect();
        assert!(!values.is_empty(), "nothing was measured");
        values.sort_by(f64::total_cmp);
        Self(values)
    }

    /// The value that `share` (0 to 1) of them do not exceed.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn at(&self, share: f64) -> f64 {
        let place = (self.0.len() as f64 * share).ceil() as usize;
        self.0[place.clamp(1, self.0.len()) - 1]
    }

    pub fn median(&self) -> f64 {
        self.at(0.5)
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The median, and from where to where they lie.
    pub fn spread(&self, digits: usize) -> String {
        let (least, most) = (self.at(0.0), self.at(1.0));
        format!("{:.digits$}（{least:.digits$}–{most:.digits$}）", self.median())
    }
}
