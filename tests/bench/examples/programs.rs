//! Times programs of pure Python on one or more sets of images, interleaved, or keeps one busy for a profiler.
//!
//! `cargo run --release -p selvedge-bench --example programs -- IMAGES[,IMAGES…] TURNS PROGRAM…`, where IMAGES is a folder as
//! `target/selvedge/images/python` is. Prints the least milliseconds by program and images, how they compare with the first, and the
//! fuel in millions.
#![allow(clippy::print_stdout, reason = "it is a command")]

#[path = "../src/program.rs"]
mod program;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use selvedge_engine::{Engine, Image, PoolSize};

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
    for path in arguments {
        let source = fs::read_to_string(&path).with_context(|| path.clone())?;
        let mut checksums = Vec::new();
        let mut least = vec![(f64::INFINITY, 0); engines.len()];
        for _ in 0..turns {
            for (engine, least) in engines.iter().zip(&mut least) {
                let (ran, fuel) = runtime.block_on(program::run(engine, &source)).with_context(|| path.clone())?;
                *least = (least.0.min(ran.ms), fuel);
                checksums.push(ran.checksum);
            }
        }
        checksums.dedup();
        ensure!(checksums.len() <= 1, "{path} comes to {checksums:?}");
        let first = least.first().map_or(f64::NAN, |(ms, _)| *ms);
        for ((sum, count), (ms, _)) in products.iter_mut().zip(&least) {
            *sum += (ms / first).ln();
            *count += 1;
        }
        let name = Path::new(&path).file_stem().unwrap_or_default().to_string_lossy();
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
