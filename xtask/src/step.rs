//! Step lines with elapsed time.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::Result;

/// Between two signs of life of a long step.
const PULSE: Duration = Duration::from_secs(20);

/// Do `work` under a title: a line before, a pulse while it takes long, a line with the time after.
pub(crate) fn step<T>(title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("▸ {title}");
    let started = Instant::now();
    let (done, waiting) = mpsc::channel::<()>();
    let name = title.to_owned();
    let pulse = std::thread::spawn(move || {
        while waiting.recv_timeout(PULSE) == Err(mpsc::RecvTimeoutError::Timeout) {
            println!("  … {name}: {}", elapsed(started));
        }
    });
    let result = work();
    drop(done);
    let _ = pulse.join();
    println!("{} {title}  {}", if result.is_ok() { "✓" } else { "✗" }, elapsed(started));
    result
}

fn elapsed(since: Instant) -> String {
    let seconds = since.elapsed().as_secs_f64();
    if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{:.0} min {:02.0} s", (seconds / 60.0).floor(), seconds % 60.0)
    }
}
