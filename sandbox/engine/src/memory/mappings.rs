use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

/// What the process needs beside kernels: libraries, threads, the allocator, mapped code.
const SPARE: usize = 4_096;
/// The system's default.
const USUAL_LIMIT: usize = 65_530;

/// Counts memory mappings against the system's limit (`vm.max_map_count`): beyond it every `mmap` of the process fails. Clones count together.
#[derive(Clone)]
pub(crate) struct Mappings(Arc<Counter>);

struct Counter {
    taken: AtomicUsize,
    limit: usize,
}

impl Mappings {
    /// Those of this process.
    pub(crate) fn of_process() -> Self {
        static PROCESS: LazyLock<Mappings> = LazyLock::new(Mappings::read_limit);
        PROCESS.clone()
    }

    fn read_limit() -> Self {
        let limit = fs::read_to_string("/proc/sys/vm/max_map_count")
            .ok()
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or(USUAL_LIMIT);
        Self::limited(limit.saturating_sub(SPARE))
    }

    /// At most so many.
    pub(crate) fn limited(limit: usize) -> Self {
        Self(Arc::new(Counter {
            taken: AtomicUsize::new(0),
            limit,
        }))
    }

    /// Takes so many, to be given back when the result is dropped; none when there are not as many left.
    pub(crate) fn take(&self, count: usize) -> Option<Taken> {
        self.0
            .taken
            .try_update(Ordering::Relaxed, Ordering::Relaxed, |taken| {
                taken.checked_add(count).filter(|sum| *sum <= self.0.limit)
            })
            .ok()?;
        Some(Taken {
            mappings: self.clone(),
            count,
        })
    }
}

/// Mappings that are in use.
pub(crate) struct Taken {
    mappings: Mappings,
    count: usize,
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.mappings.0.taken.fetch_sub(self.count, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_are_taken_than_there_are_and_they_come_back() {
        let mappings = Mappings::limited(10);
        let first = mappings.take(6).unwrap();
        assert!(mappings.take(5).is_none());
        let _second = mappings.take(4).unwrap();
        assert!(mappings.take(1).is_none());
        drop(first);
        assert!(mappings.take(6).is_some());
    }
}
