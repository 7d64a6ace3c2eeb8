use crate::fit::POINTS_MIN;

/// Which sizes to measure next, from what the last ones cost.
///
/// Doubles until the next size would not fit into what is left to spend, then fills in between, so that steps of allocators and hash tables
/// do not all fall on powers of two. Where doubling is too much at once, as for a program that takes 2ⁿ steps, it goes on in small equal steps.
#[derive(Debug)]
pub(crate) struct Sizes {
    least: u64,
    most: u64,
    measured: Vec<(u64, u64)>,
    /// The smallest size that was too much.
    too_much: Option<u64>,
    left: u64,
}

/// Enough to fit, few enough to wait for.
const POINTS_MAX: usize = 16;
/// From here on sizes are filled in.
const RANGE_ENOUGH: u64 = 64;

impl Sizes {
    /// Sizes from `least` to `most` for `budget` units of cost in all.
    pub(crate) fn new(least: u64, most: u64, budget: u64) -> Self {
        Self {
            least: least.max(1),
            most: most.max(least.max(1)),
            measured: Vec::new(),
            too_much: None,
            left: budget,
        }
    }

    /// The most that the next size may cost with its setup: a part of what is left, because a size that turns out to be too much teaches little.
    pub(crate) fn allowance(&self) -> u64 {
        self.left / 4
    }

    /// The last size cost this much, with its setup.
    pub(crate) fn cost(&mut self, n: u64, cost: u64) {
        self.left = self.left.saturating_sub(cost);
        let at = self.measured.partition_point(|(size, _)| *size < n);
        self.measured.insert(at, (n, cost));
    }

    /// The last size was stopped after it had cost this much.
    pub(crate) fn stopped(&mut self, n: u64, cost: u64) {
        self.left = self.left.saturating_sub(cost);
        self.too_much = Some(self.too_much.map_or(n, |before| before.min(n)));
    }

    /// The next size; none when there is nothing left to learn or to spend.
    pub(crate) fn next(&self) -> Option<u64> {
        if self.measured.len() >= POINTS_MAX || self.allowance() == 0 {
            return None;
        }
        let Some((largest, cost)) = self.measured.last().copied() else {
            // Too much at the smallest size already: nothing to be learned.
            return self.too_much.is_none().then_some(self.least);
        };
        let end = self.too_much.map_or(self.most, |bound| bound.saturating_sub(1).min(self.most));
        let doubled = largest.saturating_mul(2).min(end);
        if doubled > largest && self.affords(doubled, largest, cost) {
            return Some(self.step(largest, doubled));
        }
        self.between()
    }

    /// What the last doubling suggests for the next.
    fn affords(&self, next: u64, largest: u64, cost: u64) -> bool {
        let before = self.measured.iter().rev().find(|(n, _)| n.saturating_mul(2) <= largest);
        let factor = before.map_or(1, |(_, before)| cost.div_ceil((*before).max(1)));
        let expected = cost.saturating_mul(if next >= largest.saturating_mul(2) { factor } else { 1 });
        expected <= self.allowance()
    }

    /// To `doubled` at once, or, when a size was too much, in equal steps towards it.
    fn step(&self, largest: u64, doubled: u64) -> u64 {
        match self.too_much {
            Some(bound) => largest + ((bound - largest) / 8).clamp(1, doubled - largest),
            None => doubled,
        }
    }

    /// The widest gap between two neighbours, by ratio, upper ones first; only where more points help.
    fn between(&self) -> Option<u64> {
        let range = self.measured.last()?.0 / self.measured.first()?.0.max(1);
        if self.measured.len() >= POINTS_MIN * 2 && range >= RANGE_ENOUGH {
            return None;
        }
        let mut widest: Option<(u64, u64)> = None;
        for pair in self.measured.windows(2) {
            let [(low, _), (high, cost)] = pair else { continue };
            let middle = middle(*low, *high);
            if middle <= *low || middle >= *high || *cost > self.allowance() {
                continue;
            }
            // Per mille: whole numbers compare exactly.
            let ratio = high.saturating_mul(1_000) / low;
            if widest.is_none_or(|(most, _)| ratio >= most) {
                widest = Some((ratio, middle));
            }
        }
        widest.map(|(_, middle)| middle)
    }
}

/// The geometric middle.
fn middle(low: u64, high: u64) -> u64 {
    low.saturating_mul(high).isqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn measured(least: u64, most: u64, budget: u64, cost: impl Fn(u64) -> u64) -> Vec<u64> {
        let mut sizes = Sizes::new(least, most, budget);
        while let Some(n) = sizes.next() {
            let cost = cost(n);
            if cost > sizes.allowance() {
                sizes.stopped(n, sizes.allowance());
            } else {
                sizes.cost(n, cost);
            }
        }
        sizes.measured.into_iter().map(|(n, _)| n).collect()
    }

    #[test]
    fn a_linear_program_is_measured_over_a_wide_range() {
        let sizes = measured(16, 1_000_000, 2_000_000_000, |n| 300_000 + 90 * n);
        assert!(sizes.len() >= 12, "{sizes:?}");
        assert!(sizes.last().unwrap() / sizes.first().unwrap() >= 1_000, "{sizes:?}");
    }

    #[test]
    fn an_exponential_program_gets_enough_small_steps() {
        let sizes = measured(4, 1_000_000, 20_000_000_000, |n| {
            300_000_u64.saturating_add(80_u64.saturating_mul(1_u64.checked_shl(u32::try_from(n).unwrap()).unwrap_or(u64::MAX)))
        });
        assert!(sizes.len() >= POINTS_MIN + 2, "{sizes:?}");
        assert!(sizes.last().unwrap() < &32, "{sizes:?}");
    }

    #[test]
    fn a_program_that_is_too_much_from_the_start_is_given_up() {
        assert_eq!(measured(16, 1_000, 1_000, |_| u64::MAX), [0_u64; 0]);
    }

    proptest! {
        #[test]
        fn it_ends_with_distinct_sizes_inside_the_bounds(least in 0..50_u64, span in 0..100_000_u64, budget in 0..10_000_000_u64, power in 0..4_u32) {
            let sizes = measured(least, least + span, budget, |n| 1 + n.saturating_pow(power));
            prop_assert!(sizes.len() <= POINTS_MAX);
            prop_assert!(sizes.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(sizes.iter().all(|n| (least.max(1)..=(least + span).max(1)).contains(n)));
        }
    }
}
