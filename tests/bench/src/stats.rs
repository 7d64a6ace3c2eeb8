//! Order statistics.

use std::time::Duration;

/// Sorted samples.
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    /// From durations, in milliseconds.
    pub(crate) fn milliseconds(durations: &[Duration]) -> Self {
        let mut values: Vec<f64> = durations.iter().map(|duration| duration.as_secs_f64() * 1e3).collect();
        values.sort_by(f64::total_cmp);
        Self(values)
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
        let mut state = 0x5EED_u64;
        let mut resampled = |samples: &[f64]| {
            let mut drawn: Vec<f64> = (0..samples.len())
                .filter_map(|_| {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1_442_695_040_888_963_407);
                    let at = usize::try_from(state >> 33).unwrap_or(0) % samples.len().max(1);
                    samples.get(at).copied()
                })
                .collect();
            drawn.sort_by(f64::total_cmp);
            Self(drawn).quantile(0.5)
        };
        let mut ratios: Vec<f64> = (0..1_000).map(|_| resampled(&self.0) / resampled(&other.0)).collect();
        ratios.sort_by(f64::total_cmp);
        let ratios = Self(ratios);
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
