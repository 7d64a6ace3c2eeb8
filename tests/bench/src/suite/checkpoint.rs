//! A kernel's memory at a cell boundary: taken, packed as it is stored, and woken in a fresh instance.

use std::time::Instant;

use anyhow::Result;
use super::guest;
use crate::record::Recorder;
use crate::stats::Samples;

const ROUNDS: usize = 200;
/// What the kernel holds: almost nothing, and much with a generator that is half used.
const STATES: [(&str, &str, &str); 2] = [
    ("small", "x = 41", "assert x + 1 == 42"),
    (
        "20,000 dicts",
        "rows = [{'n': n, 'name': str(n)} for n in range(20000)]\nhalf = iter(rows)\nfor _ in range(10): next(half)",
        "assert next(half)['n'] == 10",
    ),
];

/// Each state in turn.
pub(crate) fn run(recorder: &mut Recorder) -> Result<()> {
    let runtime = guest::runtime()?;
    let engine = guest::engine(16)?;
    for (name, make, check) in STATES {
        let (mut taken, mut packed, mut woken, mut stored) = (Vec::new(), Vec::new(), Vec::new(), 0);
        runtime.block_on(async {
            let mut kernel = engine.start([3; 32]).await?;
            guest::run(&mut kernel, make).await?;
            for _ in 0..ROUNDS {
                let started = Instant::now();
                let checkpoint = kernel.checkpoint()?;
                taken.push(started.elapsed());
                let started = Instant::now();
                let (_, object) = engine.pack(&checkpoint)?;
                packed.push(started.elapsed());
                stored = object.bytes.len();
                // From the stored bytes: checked, unpacked, copied into an instance.
                let started = Instant::now();
                let (_, checkpoint) = engine.unpack(&[&object.bytes])?;
                let mut restored = engine.restore(&checkpoint, [4; 32]).await?;
                woken.push(started.elapsed());
                guest::run(&mut restored, check).await?;
            }
            anyhow::Ok(())
        })?;
        recorder.times("selvedge", &format!("{name}: checkpoint"), &Samples::milliseconds(&taken), "")?;
        recorder.times("selvedge", &format!("{name}: pack"), &Samples::milliseconds(&packed), "")?;
        recorder.times("selvedge", &format!("{name}: wake"), &Samples::milliseconds(&woken), "")?;
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        recorder.figure("selvedge", &format!("{name}: stored"), stored as f64 / 1024.0, "KiB", ROUNDS, "")?;
    }
    Ok(())
}
