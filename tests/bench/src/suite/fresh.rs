//! A fresh isolated interpreter for `print(1)`: made, run, dropped. Beside it, what people do today: a CPython process.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Result, ensure};

use super::guest;
use crate::peer;
use crate::record::Recorder;
use crate::stats::Samples;

const RUNS: usize = 3_000;
const WARM_UP: usize = 200;
const PROCESSES: usize = 50;

/// First ours alone, for its tail; then beside a process, which leaves the caches to itself.
pub(super) fn run(recorder: &mut Recorder) -> Result<()> {
    let runtime = guest::runtime()?;
    let engine = guest::engine(16)?;
    let mut fuel = None;
    let mut once = || {
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
        Ok(taken)
    };
    for _ in 0..WARM_UP {
        once()?;
    }
    let ours = (0..RUNS).map(|_| once()).collect::<Result<Vec<_>>>()?;
    let (mut beside, mut processes) = (Vec::new(), Vec::new());
    let python = ["-I", "-S", "-c", "print(1)"];
    // The interpreter itself: a version manager's script in front of it takes ten times as long.
    let interpreter = peer::python().unwrap_or_else(|_| "python3".into());
    for _ in 0..PROCESSES {
        let started = Instant::now();
        if !Command::new(&interpreter)
            .args(python)
            .stdout(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
        {
            break;
        }
        processes.push(started.elapsed());
        beside.push(once()?);
    }
    let whole: f64 = ours.iter().map(std::time::Duration::as_secs_f64).sum();
    let samples = Samples::milliseconds(&ours);
    recorder.times("selvedge", "fresh print(1)", &samples, "p50 <= 0.15 ms, p99 <= 0.5 ms")?;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    recorder.figure(
        "selvedge",
        "on one thread",
        ours.len() as f64 / whole,
        "1/s",
        ours.len(),
        ">= 5,000/s",
    )?;
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
    recorder.times("selvedge", "print(1) after a process", &Samples::milliseconds(&beside), "")?;
    recorder.ratio(&samples, &processes, "cpython")
}
