//! One kernel becomes many: a hundred forks of one that holds 10 MiB, all alive together, and what they cost in time and memory.

use std::time::Instant;

use anyhow::Result;

use super::guest;
use super::usage::Usage;
use crate::record::Recorder;
use crate::stats::Samples;

const FORKS: u32 = 100;
const ROUNDS: u32 = 5;

/// Each round forks another kernel.
pub(super) fn run(recorder: &mut Recorder) -> Result<()> {
    let runtime = guest::runtime()?;
    let engine = guest::engine(FORKS + 16)?;
    let (mut first, mut forked, mut cells) = (Vec::new(), Vec::new(), Vec::new());
    let (mut idle_kib, mut used_kib) = (0.0, 0.0);
    runtime.block_on(async {
        for round in 0..ROUNDS {
            let mut kernel = engine.start([3; 32]).await?;
            guest::run(
                &mut kernel,
                "rows = [{'n': n, 'name': str(n) * 8} for n in range(20000)]\nblob = bytes(range(256)) * 12_000",
            )
            .await?;
            let started = Instant::now();
            drop(kernel.fork([9; 32]).await?);
            first.push(started.elapsed());
            let before = Usage::now()?;
            let mut forks = Vec::new();
            for number in 0..FORKS {
                let started = Instant::now();
                let mut seed = [4; 32];
                seed[..4].copy_from_slice(&(round * FORKS + number).to_le_bytes());
                forks.push(kernel.fork(seed).await?);
                forked.push(started.elapsed());
            }
            let idle = Usage::now()?;
            for fork in &mut forks {
                let started = Instant::now();
                guest::run(fork, "rows[7]['n'] = 8\nassert len(rows) == 20000").await?;
                cells.push(started.elapsed());
            }
            let used = Usage::now()?;
            idle_kib = (idle.pss - before.pss) / f64::from(FORKS);
            used_kib = (used.pss - before.pss) / f64::from(FORKS);
        }
        anyhow::Ok(())
    })?;
    recorder.times("selvedge", "10 MiB: first fork", &Samples::milliseconds(&first), "")?;
    recorder.times(
        "selvedge",
        "10 MiB: fork, 100 alive",
        &Samples::milliseconds(&forked),
        "p50 <= 0.5 ms",
    )?;
    recorder.times("selvedge", "10 MiB: a fork's first cell", &Samples::milliseconds(&cells), "")?;
    recorder.figure(
        "selvedge",
        "10 MiB: memory of a fork",
        idle_kib,
        "KiB",
        FORKS as usize,
        "pages touched",
    )?;
    recorder.figure(
        "selvedge",
        "10 MiB: and after a cell",
        used_kib,
        "KiB",
        FORKS as usize,
        "pages touched",
    )
}
