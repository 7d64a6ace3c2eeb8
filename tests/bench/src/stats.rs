//! Order statistics.

use std::time::Duration;

use crate::order::Shuffle;

/// Sorted samples.
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    /// From values of any unit.
    pub(crate) fn new(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        Self(values)
    }

    /// From durations, in milliseconds.
    pub(crate) fn milliseconds(durations: &[Duration]) -> Self {
        Self::new(durations.iter().map(|duration| duration.as_secs_f64() * 1e3).collect())
    }

    /// All of them, ascending.
    pub(crate) fn values(&self) -> &[f64] {
        &self.0
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The value below which this share of the samples lies, by the nearest-rank method.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "small counts"
        )]
        let rank = ((self.0.len() as f64 * share).ceil() as usize).saturating_sub(1);
        self.0.get(rank).copied().unwrap_or(f64::NAN)
    }

    /// A 95 % bootstrap interval (1,000 resamples, fixed seed) of the ratio of two medians.
    pub(crate) fn ratio_interval(&self, other: &Self) -> (f64, f64) {
        let mut shuffle = Shuffle::new();
        let mut resampled = |samples: &[f64]| {
            let drawn = (0..samples.len()).filter_map(|_| samples.get(shuffle.below(samples.len())).copied());
            Self::new(drawn.collect()).quantile(0.5)
        };
        let ratios = Self::new((0..1_000).map(|_| resampled(&self.0) / resampled(&other.0)).collect());
        (ratios.quantile(0.025), ratios.quantile(0.975))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_samples_by_nearest_rank() {
        let samples = Samples::milliseconds(&(1..=100).map(Duration::from_millis).collect::<Vec<_>>());
        assert!((samples.quantile(0.5) - 50.0).abs() < 1e-9);
        assert!((samples.quantile(0.99) - 99.0).abs() < 1e-9);
    }

    #[test]
    fn the_ratio_of_equal_samples_spans_one() {
        let samples = Samples::milliseconds(&(1..=50).map(Duration::from_millis).collect::<Vec<_>>());
        let (low, high) = samples.ratio_interval(&samples);
        assert!(low <= 1.0 && high >= 1.0);
    }
}
