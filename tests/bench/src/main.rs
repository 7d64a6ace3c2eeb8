//! `cargo xtask bench [suite] [--json FILE]`: what the product promises about speed and memory, measured on this machine.
//!
//! Every suite runs its contestants interleaved, prints median and p99, and keeps the raw figures as JSON lines
//! `{suite, contestant, metric, value, unit, n}`. Nothing here passes or fails: the bars are printed beside the figures.

#![allow(clippy::print_stdout, reason = "a command-line program")]

mod http;
mod order;
mod peer;
mod program;
mod record;
mod stats;
mod suite;

use std::path::PathBuf;

use clap::Parser;

use record::Recorder;

#[derive(Parser)]
#[command(name = "selvedge-bench")]
struct Cli {
    /// One of the suites (`SUITES`); all when left out
    suite: Option<String>,
    /// Append the figures to this file, one JSON object a line
    #[arg(long)]
    json: Option<PathBuf>,
}

type Suite = (&'static str, fn(&mut Recorder) -> anyhow::Result<()>);

/// In the order in which they run.
const SUITES: [Suite; 9] = [
    ("sandbox", suite::sandbox::run),
    ("compute", suite::compute::run),
    ("engine", suite::engine::run),
    ("checkpoint", suite::checkpoint::run),
    ("bucket", suite::bucket::run),
    ("neighbours", suite::neighbours::run),
    ("environment", suite::environment::run),
    ("http", suite::http::run),
    ("ssr", suite::ssr::run),
];

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let mut recorder = Recorder::new(cli.json.as_deref())?;
    let wanted = |name: &str| cli.suite.as_deref().is_none_or(|suite| suite == name);
    if !SUITES.iter().any(|(name, _)| wanted(name)) {
        anyhow::bail!("no such suite; there are: {}", SUITES.map(|(name, _)| name).join(", "));
    }
    for (name, run) in SUITES.iter().filter(|(name, _)| wanted(name)) {
        recorder.suite(name);
        run(&mut recorder)?;
    }
    Ok(())
}
