//! Kernels that are alive and do nothing, each with a 1,000-element list: what one costs, and how fresh runs do beside 5,000 of them.

use std::time::Instant;

use anyhow::Result;

use super::guest;
use super::usage::Usage;
use crate::record::Recorder;
use crate::stats::Samples;

const KERNELS: u32 = 5_000;
const RUNS: usize = 2_000;

/// All alive at once.
pub(super) fn run(recorder: &mut Recorder) -> Result<()> {
    let runtime = guest::runtime()?;
    let engine = guest::engine(KERNELS + 8)?;
    runtime.block_on(async {
        let mut first = engine.start([1; 32]).await?;
        guest::run(&mut first, "x = list(range(1000))").await?;
        let before = Usage::now()?;
        let mut alive = Vec::new();
        for _ in 0..KERNELS {
            let mut kernel = engine.start([2; 32]).await?;
            guest::run(&mut kernel, "x = list(range(1000))").await?;
            kernel.trim()?;
            alive.push(kernel);
        }
        let after = Usage::now()?;
        let each = |kib: f64| kib / f64::from(KERNELS);
        recorder.figure(
            "selvedge",
            "idle kernel PSS",
            each(after.pss - before.pss),
            "KiB",
            alive.len(),
            "<= 512 KiB",
        )?;
        recorder.figure(
            "selvedge",
            "idle kernel page tables",
            each(after.tables - before.tables),
            "KiB",
            alive.len(),
            "",
        )?;
        let mut woken = Vec::new();
        for kernel in alive.iter_mut().take(RUNS) {
            let started = Instant::now();
            guest::run(kernel, "x[7] = 8").await?;
            woken.push(started.elapsed());
            kernel.trim()?;
        }
        recorder.times("selvedge", "idle kernel: next cell", &Samples::milliseconds(&woken), "")?;
        let mut taken = Vec::new();
        for _ in 0..RUNS {
            let started = Instant::now();
            let mut kernel = engine.start([7; 32]).await?;
            guest::run(&mut kernel, "print(1)").await?;
            drop(kernel);
            taken.push(started.elapsed());
        }
        recorder.times("selvedge", "fresh beside 5,000 idle", &Samples::milliseconds(&taken), "p99 <= 2 ms")
    })
}
