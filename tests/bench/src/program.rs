//! A program of pure Python in a fresh kernel, timed from inside.

use anyhow::{Context, Result, ensure};
use selvedge_engine::{CancelToken, CellRequest, Engine, EventKind, Limits, Status};
use serde_json::Value;

/// One run of a program.
pub(crate) struct Ran {
    /// In the program, by the guest's clock.
    pub(crate) ms: f64,
    /// What it came to.
    pub(crate) checksum: String,
}

/// Compiles `source`, runs it, and asks for its `checksum`. And the fuel of all that.
pub(crate) async fn run(engine: &Engine, source: &str) -> Result<(Ran, u64)> {
    // JSON's string literals are Python's as well.
    let source = Value::from(source);
    let cell = CellRequest {
        label: "measure".to_owned(),
        code: format!(
            "import time\ncode = compile({source}, 'program.py', 'exec')\nscope = {{'__name__': '__main__'}}\n\
             began = time.perf_counter_ns()\nexec(code, scope)\ntaken = time.perf_counter_ns() - began\n\
             print(taken / 1e6, scope['checksum'])"
        ),
        ..CellRequest::default()
    };
    let limits = Limits {
        wall_ms: 120_000,
        fuel: 1_000_000_000_000,
        memory_bytes: 256 << 20,
        output_bytes: 1 << 20,
    };
    let mut printed = String::new();
    let mut sink = |kind: EventKind, data: Value| {
        if kind == EventKind::Stdout {
            printed += data.get("text").and_then(Value::as_str).unwrap_or_default();
        }
    };
    let mut kernel = engine.start([7; 32]).await?;
    let end = kernel.run(&cell, &limits, &mut sink, &CancelToken::new()).await;
    ensure!(end.status == Status::Succeeded, "it ended {:?}: {:?}", end.status, end.error);
    let (ms, checksum) = printed.trim_end().split_once(' ').context("it printed no time")?;
    let ran = Ran {
        ms: ms.parse().with_context(|| format!("it printed {printed:?}"))?,
        checksum: checksum.to_owned(),
    };
    Ok((ran, end.fuel))
}
