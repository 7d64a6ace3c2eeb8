//! The price table.

use selvedge_ports::MicroCredits;
use selvedge_ports::shapes::Usage;

/// Micro-credits for 10⁹ units of fuel, which a core uses in 7 to 150 ms, by what the program does.
///
/// With the default limit (10¹³ units) a run holds 10,000 micro-credits, and 30 s of a tight loop cost about 4,200: a welcome grant of one credit
/// covers more than two hundred of those, or thousands of runs of a second.
pub const MICRO_CREDITS_PER_BILLION_FUEL: u64 = 1;

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

    /// What a tight loop uses in a second.
    const SECOND: u64 = 140_000_000_000;

    #[test]
    fn prices_round_up_and_begin_at_one() {
        assert_eq!([cost(0), cost(1), cost(1_000_000_000), cost(1_000_000_001)], [0, 1, 1, 2]);
        assert_eq!(cost(10_000_000_000_000), 10_000);
        assert!(cost(u64::MAX) > 0, "no overflow");
    }

    #[test]
    fn a_credit_covers_many_long_runs_and_thousands_of_short_ones() {
        const CREDIT: MicroCredits = 1_000_000;
        assert!(CREDIT / cost(30 * SECOND) >= 190);
        assert!(CREDIT / cost(SECOND) >= 5_000);
    }
}
