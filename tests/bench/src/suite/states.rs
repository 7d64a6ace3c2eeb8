//! A kernel's memory at a cell boundary: taken, and put into a fresh instance, without anything stored in between.

use std::time::Instant;

use anyhow::Result;

use super::guest;
use crate::record::Recorder;
use crate::stats::Samples;

const ROUNDS: usize = 200;
/// For what takes milliseconds.
const BIG_ROUNDS: usize = 40;

/// Small and big, whole and one small cell later.
pub(super) fn run(recorder: &mut Recorder) -> Result<()> {
    let runtime = guest::runtime()?;
    let engine = guest::engine(16)?;
    let (mut taken, mut restored) = (Vec::new(), Vec::new());
    runtime.block_on(async {
        for round in 0..ROUNDS {
            let mut kernel = engine.start([3; 32]).await?;
            guest::run(&mut kernel, &format!("x = {round}")).await?;
            let started = Instant::now();
            let checkpoint = kernel.checkpoint()?;
            taken.push(started.elapsed());
            let started = Instant::now();
            let mut woken = engine.restore(&checkpoint, [4; 32]).await?;
            restored.push(started.elapsed());
            guest::run(&mut woken, &format!("assert x == {round}")).await?;
        }
        anyhow::Ok(())
    })?;
    recorder.times("selvedge", "small: checkpoint", &Samples::milliseconds(&taken), "p50 <= 0.3 ms")?;
    recorder.times("selvedge", "small: restore", &Samples::milliseconds(&restored), "p50 <= 0.2 ms")?;

    let (mut taken, mut again, mut restored, mut next) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    runtime.block_on(async {
        for _ in 0..BIG_ROUNDS {
            let mut kernel = engine.start([3; 32]).await?;
            guest::run(
                &mut kernel,
                "rows = [{'n': n, 'name': str(n)} for n in range(20000)]\nhalf = iter(rows)\nfor _ in range(10): next(half)",
            )
            .await?;
            let started = Instant::now();
            let whole = kernel.checkpoint()?;
            taken.push(started.elapsed());
            guest::run(&mut kernel, "y = 1").await?;
            let started = Instant::now();
            let later = kernel.checkpoint()?;
            again.push(started.elapsed());
            // Of pages that nobody has ready to be mapped, as after reading them from a disk.
            let (_, packed) = engine.pack(&whole)?;
            let (_, read) = engine.unpack(&[&packed.bytes])?;
            let started = Instant::now();
            let mut woken = engine.restore(&read, [4; 32]).await?;
            restored.push(started.elapsed());
            let started = Instant::now();
            guest::run(&mut woken, "assert next(half)['n'] == 10").await?;
            next.push(started.elapsed());
            drop(later);
        }
        anyhow::Ok(())
    })?;
    let name = "20,000 dicts";
    recorder.times(
        "selvedge",
        &format!("{name}: checkpoint"),
        &Samples::milliseconds(&taken),
        "p50 <= 4 ms",
    )?;
    recorder.times(
        "selvedge",
        &format!("{name}: one small cell later"),
        &Samples::milliseconds(&again),
        "p50 <= 0.5 ms",
    )?;
    recorder.times(
        "selvedge",
        &format!("{name}: restore"),
        &Samples::milliseconds(&restored),
        "p50 <= 3.5 ms",
    )?;
    recorder.times("selvedge", &format!("{name}: first cell after"), &Samples::milliseconds(&next), "")
}
