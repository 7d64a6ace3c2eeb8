//! In what order contestants run within a round: another one each time, the same in every run of the benchmark.

/// A small generator with a fixed seed (a linear congruential one is random enough to order ten things).
pub(crate) struct Shuffle(u64);

impl Shuffle {
    /// From the start.
    pub(crate) fn new() -> Self {
        Self(0x5EED)
    }

    /// The numbers below `count` in some order.
    pub(crate) fn order(&mut self, count: usize) -> Vec<usize> {
        let mut left: Vec<usize> = (0..count).collect();
        let mut order = Vec::with_capacity(count);
        while !left.is_empty() {
            let at = self.below(left.len());
            order.push(left.swap_remove(at));
        }
        order
    }

    /// A number below `bound`, which is not 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_contestant_runs_once_in_every_round() {
        let mut shuffle = Shuffle::new();
        for count in 0..12 {
            let mut order = shuffle.order(count);
            order.sort_unstable();
            assert_eq!(order, (0..count).collect::<Vec<_>>());
        }
    }
}
