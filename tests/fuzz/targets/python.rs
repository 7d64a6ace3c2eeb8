//! `fuzz-python IMAGE FOUND SECONDS SEED SOURCES…`: see `selvedge_fuzz::python`.
#![allow(clippy::print_stdout, reason = "a command-line program")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [image, found, seconds, seed, sources @ ..] = arguments.as_slice() else {
        bail!("fuzz-python IMAGE FOUND SECONDS SEED SOURCES…")
    };
    let sources: Vec<PathBuf> = sources.iter().map(PathBuf::from).collect();
    let time = Duration::from_secs(seconds.parse().context("SECONDS is no number")?);
    let seed = seed.parse().context("SEED is no number")?;
    let tally = selvedge_fuzz::python::run(Path::new(image), &sources, Path::new(found), seed, time)?;
    println!("{} programs", tally.programs);
    let mut ends: Vec<_> = tally.ends.iter().collect();
    ends.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    for (end, count) in ends.iter().take(20) {
        println!("{count:>8} {}", if end.is_empty() { "succeeded" } else { end.as_str() });
    }
    for finding in &tally.findings {
        println!("a crash of the interpreter, contained: {}", finding.display());
    }
    Ok(())
}
