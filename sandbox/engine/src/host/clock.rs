use super::errno::{INVAL, answer};
use super::guest_memory::{parts, write};
use super::{Host, WASI_MODULE};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use wasmtime::{Caller, Linker};

pub(super) const REALTIME: u32 = 0;
const MONOTONIC: u32 = 1;

/// Clocks tick this coarsely: enough to measure a cell, too little to measure a cache.
const TICK_NANOS: u64 = 10_000;

/// The clocks of one kernel. The monotonic one goes on where a checkpoint stopped it, whichever machine the kernel wakes on.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    source: Source,
    monotonic_base: u64,
}

#[derive(Clone, Copy, Debug)]
enum Source {
    Fixed,
    Running {
        since: Instant,
    },
    /// Every look takes one tick, and waiting takes what it was asked to: a program sees the same times whenever and wherever it runs.
    Virtual {
        realtime: u64,
        passed: u64,
    },
}

impl Clock {
    /// Time stands still at 2000-01-01 and monotonic zero: for building images, which must come out the same each time.
    #[must_use]
    pub fn fixed() -> Self {
        Self {
            source: Source::Fixed,
            monotonic_base: 0,
        }
    }

    /// Real time; the monotonic clock starts from `base` nanoseconds.
    #[must_use]
    pub fn running_from(base: u64) -> Self {
        Self {
            source: Source::Running { since: Instant::now() },
            monotonic_base: base,
        }
    }

    /// Time that passes only when it is looked at or waited for, from `realtime` nanoseconds since 1970 and `base` nanoseconds of the monotonic
    /// clock on.
    #[must_use]
    pub fn virtual_from(realtime: u64, base: u64) -> Self {
        Self {
            source: Source::Virtual { realtime, passed: 0 },
            monotonic_base: base,
        }
    }

    /// Does waiting take time? On a virtual clock it is over at once, and the clock has moved.
    pub(super) fn skip(&mut self, nanos: u64) -> bool {
        match &mut self.source {
            Source::Virtual { passed, .. } => {
                *passed = passed.saturating_add(nanos);
                true
            }
            Source::Fixed | Source::Running { .. } => false,
        }
    }

    /// Nanoseconds.
    pub(crate) fn monotonic(&self) -> u64 {
        let elapsed = match self.source {
            Source::Fixed => Duration::ZERO,
            Source::Running { since } => since.elapsed(),
            Source::Virtual { passed, .. } => Duration::from_nanos(passed),
        };
        self.monotonic_base.saturating_add(nanos(elapsed))
    }

    fn realtime(&self) -> u64 {
        match self.source {
            Source::Fixed => 946_684_800 * 1_000_000_000,
            Source::Running { .. } => SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, nanos),
            Source::Virtual { realtime, passed } => realtime.saturating_add(passed),
        }
    }

    pub(super) fn read(&mut self, id: u32) -> Option<u64> {
        let now = match id {
            REALTIME => self.realtime(),
            MONOTONIC => self.monotonic(),
            _ => return None,
        };
        self.skip(TICK_NANOS);
        Some(now - now % TICK_NANOS)
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

pub(super) fn link(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    linker.func_wrap(
        WASI_MODULE,
        "clock_time_get",
        |mut caller: Caller<'_, Host>, id: u32, _precision: u64, at: u32| {
            answer(parts(&mut caller).and_then(|(memory, host)| {
                let now = host.clock.read(id).ok_or(INVAL)?;
                write(memory, at, now.to_le_bytes())
            }))
        },
    )?;
    linker.func_wrap(WASI_MODULE, "clock_res_get", |mut caller: Caller<'_, Host>, id: u32, at: u32| {
        answer(parts(&mut caller).and_then(|(memory, host)| {
            host.clock.read(id).ok_or(INVAL)?;
            write(memory, at, TICK_NANOS.to_le_bytes())
        }))
    })?;
    Ok(())
}
