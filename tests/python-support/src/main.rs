//! Runs what Python promises in our guest, and writes the table of what holds: language features (`features/*.py`), the modules of the standard
//! library, and CPython's own tests, as an installed Python carries them, each test in a fork of its own.

#![allow(clippy::print_stdout, reason = "a command-line program")]

mod features;
mod guest;
mod modules;
mod suite;
mod table;

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Parser;

use guest::Guest;

#[derive(Parser)]
#[command(name = "selvedge-python-support")]
struct Cli {
    /// A Python that has its `test` package (Debian: libpython3-testsuite); without it CPython's tests are left out
    #[arg(long)]
    python: Option<PathBuf>,
    /// Only test modules whose name contains this
    #[arg(long)]
    only: Option<String>,
    /// Where to write the table
    #[arg(long)]
    out: PathBuf,
    /// Where to write every result as JSON
    #[arg(long)]
    json: Option<PathBuf>,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_time().build()?;
    let support = runtime.block_on(async {
        let guest = Guest::open()?;
        anyhow::Ok(table::Support {
            features: features::run(&guest).await?,
            modules: modules::run(&guest).await?,
            suite: match &cli.python {
                Some(python) => Some(suite::run(&guest, python, cli.only.as_deref()).await?),
                None => None,
            },
        })
    })?;
    if let Some(json) = &cli.json {
        std::fs::write(json, serde_json::to_vec_pretty(&support)?).with_context(|| format!("cannot write {}", json.display()))?;
    }
    std::fs::write(&cli.out, table::markdown(&support)).with_context(|| format!("cannot write {}", cli.out.display()))?;
    println!("{}", table::summary(&support));
    Ok(())
}
