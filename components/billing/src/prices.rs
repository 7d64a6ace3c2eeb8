//! The price table.

use selvedge_ports::MicroCredits;
use selvedge_ports::shapes::Usage;

/// Micro-credits for 10⁹ units of fuel, which is about a third of a second of a core.
///
/// A run that computes for its whole 30 s (some 10¹¹ units) costs about 2,500 micro-credits, so a welcome grant of one credit covers 400 of them, and some ten
/// thousand that take a second.
pub const MICRO_CREDITS_PER_BILLION_FUEL: u64 = 25;

const BILLION: u128 = 1_000_000_000;

/// What this usage costs: rounded up to whole micro-credits, so what used anything costs at least one, and nothing costs nothing.
pub fn price(usage: Usage) -> MicroCredits {
    let cost = (u128::from(usage.fuel) * u128::from(MICRO_CREDITS_PER_BILLION_FUEL)).div_ceil(BILLION);
    MicroCredits::try_from(cost).unwrap_or(MicroCredits::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cost(fuel: u64) -> MicroCredits {
        price(Usage { fuel })
    }

    #[test]
    fn prices_round_up_and_begin_at_one() {
        assert_eq!([cost(0), cost(1), cost(40_000_000), cost(40_000_001)], [0, 1, 1, 2]);
        assert_eq!(cost(100_000_000_000), 2_500);
        assert!(cost(u64::MAX) > 0, "no overflow");
    }

    #[test]
    fn a_credit_covers_hundreds_of_default_runs_and_thousands_of_small_ones() {
        const CREDIT: MicroCredits = 1_000_000;
        assert!(CREDIT / cost(100_000_000_000) >= 300);
        assert!(CREDIT / cost(3_000_000_000) >= 10_000);
    }
}
