//! Times programs of pure Python on one or more sets of images, interleaved, or keeps one busy for a profiler.
//!
//! `cargo run --release -p selvedge-bench --example programs -- IMAGES[,IMAGES…] TURNS PROGRAM…`, where IMAGES is a folder as
//! `target/selvedge/images/python` is. Prints the least milliseconds by program and images, how they compare with the first, and the
//! fuel in millions.
#![allow(clippy::print_stdout, reason = "it is a command")]

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use selvedge_engine::{CancelToken, CellRequest, Engine, EventKind, Image, Limits, PoolSize, Status};
use serde_json::Value;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let images = arguments.next().context("which images?")?;
    let turns: usize = arguments.next().context("how many turns?")?.parse()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let engines = images
        .split(',')
        .map(|images| Ok(Engine::new(Image::open(Path::new(images))?, PoolSize::kernels(2))?))
        .collect::<Result<Vec<_>>>()?;
    let mut products = vec![(0.0, 0); engines.len()];
    for program in arguments {
        let source = fs::read_to_string(&program).with_context(|| program.clone())?;
        let mut least = vec![(f64::INFINITY, 0); engines.len()];
        for _ in 0..turns {
            for (engine, least) in engines.iter().zip(&mut least) {
                let (ms, fuel) = runtime.block_on(run(engine, &source)).with_context(|| program.clone())?;
                *least = (least.0.min(ms), fuel);
            }
        }
        let first = least.first().map_or(f64::NAN, |(ms, _)| *ms);
        for ((sum, count), (ms, _)) in products.iter_mut().zip(&least) {
            *sum += (ms / first).ln();
            *count += 1;
        }
        let name = Path::new(&program).file_stem().unwrap_or_default().to_string_lossy();
        let shown: Vec<String> = least
            .iter()
            .map(|(ms, fuel)| format!("{ms:9.2} ({:.3}) {:7}", ms / first, fuel / 1_000_000))
            .collect();
        println!("{name:<14} {}", shown.join("  "));
    }
    let shown: Vec<String> = products
        .iter()
        .map(|(sum, count)| format!("{:17.3}        ", (sum / f64::from(*count)).exp()))
        .collect();
    println!("{:<14}{}", "geometric mean", shown.join("  "));
    Ok(())
}

/// Milliseconds inside the program, by the guest's clock, and all fuel.
async fn run(engine: &Engine, source: &str) -> Result<(f64, u64)> {
    let cell = CellRequest {
        label: "measure".to_owned(),
        // JSON's string literals are Python's as well.
        code: format!(
            "import time\ncode = compile({}, 'program.py', 'exec')\nscope = {{'__name__': '__main__'}}\n\
             began = time.perf_counter_ns()\nexec(code, scope)\nprint((time.perf_counter_ns() - began) / 1e6)",
            Value::from(source)
        ),
        ..CellRequest::default()
    };
    let limits = Limits {
        wall_ms: 120_000,
        fuel: 10_000_000_000_000,
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
    let ms = printed.trim_end().parse().with_context(|| format!("it printed {printed:?}"))?;
    Ok((ms, end.fuel))
}
