//! When a worker is replaced although it is well: after many runs, and when it stays large.
//!
//! Both are against what nobody has thought of: memory that is lost little by little, and whatever somebody has managed to leave behind.

use rustix::param::page_size;

/// Looks at a worker's size that have to find it too large, one after the other.
const LOOKS: u32 = 15;

/// When a worker is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Runs.
    pub(crate) runs: u64,
    /// Bytes of memory that stay in use.
    pub(crate) bytes: u64,
}

/// How worn a worker is.
#[derive(Debug, Default)]
pub(super) struct Wear {
    too_large: u32,
}

impl Wear {
    /// Has a worker that has done so many runs, and is now of this size, done its time?
    pub(super) fn is_worn(&mut self, limits: Limits, runs: u64, bytes: u64) -> bool {
        self.too_large = if bytes > limits.bytes { self.too_large + 1 } else { 0 };
        runs >= limits.runs || self.too_large >= LOOKS
    }
}

/// Bytes of a process that are in memory, without what it shares with others as files; 0 when it is gone.
pub(super) fn size(pid: u32) -> u64 {
    let pages = || {
        let text = std::fs::read_to_string(format!("/proc/{pid}/statm")).ok()?;
        let mut fields = text.split(' ').map(|field| field.trim().parse::<u64>().ok());
        let (_, resident, shared) = (fields.next()??, fields.next()??, fields.next()??);
        Some(resident.saturating_sub(shared))
    };
    pages().unwrap_or(0).saturating_mul(page_size() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { runs: 10, bytes: 100 };

    #[test]
    fn a_worker_is_worn_after_its_runs() {
        assert!(!Wear::default().is_worn(LIMITS, 9, 0));
        assert!(Wear::default().is_worn(LIMITS, 10, 0));
    }

    #[test]
    fn a_worker_is_worn_when_it_stays_large_and_not_when_it_was_large_for_a_moment() {
        let mut wear = Wear::default();
        let sizes = [vec![101; 14], vec![100], vec![101; 15]].concat();
        let looks: Vec<_> = sizes.into_iter().map(|bytes| wear.is_worn(LIMITS, 0, bytes)).collect();
        assert_eq!(looks.iter().position(|worn| *worn), Some(29), "{looks:?}");
    }

    #[test]
    fn a_processs_size_is_what_it_has_in_memory() {
        let before = size(std::process::id());
        let held = std::hint::black_box(vec![1_u8; 64 << 20]);
        assert!(size(std::process::id()) >= before + (60 << 20));
        drop(held);
        assert_eq!(size(u32::MAX), 0);
    }
}
