//! Importing packages in a fresh kernel: those that are in the image's memory, and one that is read from the image's files.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};
use selvedge_engine::{Engine, EventKind, Image, PoolSize};

use super::guest;
use crate::record::Recorder;
use crate::stats::Samples;

const RUNS: usize = 500;
/// `xtask/src/bench.rs` imports the modules of the first into the image; the last one's is only in its files.
const CELLS: [(&str, &str, &str); 3] = [
    ("no import", "pass", ""),
    (
        "import attrs, more_itertools, packaging.version",
        "import attrs, more_itertools, packaging.version",
        "< 1 ms",
    ),
    ("import sortedcontainers, from files", "import sortedcontainers", ""),
];

/// Interleaved; each in a kernel of its own.
pub(crate) fn run(recorder: &mut Recorder) -> Result<()> {
    let folder = selvedge_harness::place::target().join("bench/environment");
    if !folder.join("manifest.json").is_file() {
        println!(
            "left out: there is no environment image in {}; `cargo xtask bench environment` builds it",
            folder.display()
        );
        return Ok(());
    }
    let runtime = guest::runtime()?;
    let engine = Engine::new(Image::open(&folder)?, PoolSize::kernels(16))?;
    let mut whole = CELLS.map(|_| Vec::new());
    let mut inside = CELLS.map(|_| Vec::new());
    for _ in 0..RUNS {
        for ((_, cell, _), (whole, inside)) in CELLS.iter().zip(whole.iter_mut().zip(&mut inside)) {
            let code = format!("from time import perf_counter_ns as now\nt = now()\n{cell}\nprint(now() - t)");
            let started = Instant::now();
            let nanos = runtime.block_on(printed(&engine, &code))?;
            whole.push(started.elapsed());
            inside.push(std::time::Duration::from_nanos(nanos));
        }
    }
    for ((name, _, bar), (whole, inside)) in CELLS.iter().zip(whole.iter().zip(&inside)) {
        recorder.times("selvedge", &format!("{name}: the statement"), &Samples::milliseconds(inside), bar)?;
        recorder.times(
            "selvedge",
            &format!("{name}: fresh kernel and cell"),
            &Samples::milliseconds(whole),
            "",
        )?;
    }
    process(recorder)
}

/// The number that a cell prints.
async fn printed(engine: &Engine, code: &str) -> Result<u64> {
    let mut kernel = engine.start([9; 32]).await?;
    let mut text = String::new();
    let mut sink = |kind: EventKind, data: serde_json::Value| {
        if kind == EventKind::Stdout {
            text.push_str(data.get("text").and_then(serde_json::Value::as_str).unwrap_or_default());
        }
    };
    guest::run_into(&mut kernel, code, &mut sink).await?;
    text.trim().parse().context("the cell printed no number")
}

/// A CPython process that imports the same, where that is installed.
fn process(recorder: &mut Recorder) -> Result<()> {
    let arguments = ["-I", "-c", "import attrs, more_itertools, packaging.version"];
    let mut taken = Vec::new();
    for _ in 0..20 {
        let started = Instant::now();
        let ended = Command::new("python3")
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !ended.is_ok_and(|status| status.success()) {
            return Ok(());
        }
        taken.push(started.elapsed());
    }
    recorder.times("cpython", "the same imports, process", &Samples::milliseconds(&taken), "")
}
