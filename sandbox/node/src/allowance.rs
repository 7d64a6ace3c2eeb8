//! How much a run may say before its worker is no worker any more.
//!
//! The engine keeps a run within its output limit. This is for a worker that somebody has taken over: what it says is kept in the node's memory
//! until the edge has it, so it must not be without end.

use selvedge_protocol::OrderLimits;

/// A byte of output can take six in JSON.
const JSON_FACTOR: u64 = 8;
/// An event's own fields.
const EVENT_BYTES: u64 = 160;
/// What every run may say whatever its limit: errors, displays, questions.
const BESIDE_BYTES: u64 = 16 << 20;
/// The same in events.
const BESIDE_EVENTS: u64 = 100_000;

/// What is left.
#[derive(Debug)]
pub(crate) struct Allowance {
    bytes: u64,
    events: u64,
}

impl Allowance {
    /// Far above what a run within these limits says.
    pub(crate) fn of(limits: &OrderLimits) -> Self {
        Self {
            bytes: limits.output_bytes.saturating_mul(JSON_FACTOR).saturating_add(BESIDE_BYTES),
            events: limits.output_bytes.saturating_add(BESIDE_EVENTS),
        }
    }

    /// One event of this size; false when it is too much.
    pub(crate) fn take(&mut self, size: usize) -> bool {
        let size = u64::try_from(size).unwrap_or(u64::MAX).saturating_sub(EVENT_BYTES);
        match (self.bytes.checked_sub(size), self.events.checked_sub(1)) {
            (Some(bytes), Some(events)) => {
                (self.bytes, self.events) = (bytes, events);
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowance(output_bytes: u64) -> Allowance {
        Allowance::of(&OrderLimits {
            wall_ms: 1,
            fuel: 1,
            memory_bytes: 1,
            output_bytes,
        })
    }

    #[test]
    fn all_output_that_a_run_may_have_fits_byte_by_byte_and_at_its_largest_in_json() {
        let output = 1 << 20;
        let mut allowance = allowance(output);
        assert!((0..output).all(|_| allowance.take(160 + 6)));
    }

    #[test]
    fn neither_large_events_nor_small_ones_go_on_for_ever() {
        assert!(!allowance(1).take(17 << 20));
        let mut allowance = allowance(1);
        assert_eq!((0..).take_while(|_| allowance.take(1)).count(), 100_001);
    }
}
