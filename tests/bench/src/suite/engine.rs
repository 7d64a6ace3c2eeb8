//! A fresh isolated interpreter for `print(1)`: made, run, dropped. Beside it, what people do today: a CPython process.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Result, ensure};

use super::guest;
use crate::record::Recorder;
use crate::stats::Samples;

const RUNS: usize = 3_000;
const WARM_UP: usize = 200;
/// A process is this many times as slow or more, so one for every so many of ours.
const PROCESS_EVERY: usize = 60;

/// Interleaved.
pub(crate) fn run(recorder: &mut Recorder) -> Result<()> {
    let runtime = guest::runtime()?;
    let engine = guest::engine(16)?;
    let python = ["-I", "-S", "-c", "print(1)"];
    let has_python = Command::new("python3")
        .args(python)
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    let (mut ours, mut processes) = (Vec::new(), Vec::new());
    let mut fuel = None;
    for round in 0..WARM_UP + RUNS {
        let started = Instant::now();
        let used = runtime.block_on(async {
            let mut kernel = engine.start([7; 32]).await?;
            guest::run(&mut kernel, "print(1)").await
        })?;
        let taken = started.elapsed();
        ensure!(
            *fuel.get_or_insert(used) == used,
            "print(1) took {used} units of fuel, {fuel:?} before"
        );
        if round >= WARM_UP {
            ours.push(taken);
        }
        if has_python && round >= WARM_UP && round % PROCESS_EVERY == 0 {
            let started = Instant::now();
            Command::new("python3").args(python).stdout(Stdio::null()).status()?;
            processes.push(started.elapsed());
        }
    }
    let whole: f64 = ours.iter().map(std::time::Duration::as_secs_f64).sum();
    let samples = Samples::milliseconds(&ours);
    recorder.times("selvedge", "fresh print(1)", &samples, "p50 <= 0.3 ms")?;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    recorder.figure("selvedge", "on one thread", ours.len() as f64 / whole, "1/s", ours.len(), "")?;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    recorder.figure(
        "selvedge",
        "fuel of print(1)",
        fuel.unwrap_or(0) as f64,
        "units",
        ours.len(),
        "identical each time",
    )?;
    if processes.is_empty() {
        return Ok(());
    }
    let processes = Samples::milliseconds(&processes);
    recorder.times("cpython", "process print(1)", &processes, "")?;
    recorder.ratio(&samples, &processes, "cpython")
}
