//! `selvedge-image --name NAME --guest FILE.wasm --sources DIR --out DIR`

use anyhow::Context as _;
use clap::Parser;
use std::io::{Write as _, stderr};
use std::path::PathBuf;

/// Builds a guest image: boots the guest once, keeps its memory, compiles it ahead of time.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The guest module as the compiler left it
    #[arg(long, value_name = "FILE")]
    guest: PathBuf,
    /// The Python sources that it boots with; without them it has everything inside
    #[arg(long, value_name = "DIR")]
    sources: Option<PathBuf>,
    /// Where the image goes
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The image's name
    #[arg(long)]
    name: String,
}

fn main() -> anyhow::Result<()> {
    let Arguments { guest, sources, out, name } = Arguments::parse();
    let module = std::fs::read(&guest).with_context(|| format!("cannot read the guest module {}", guest.display()))?;
    selvedge_image::build(&name, &module, sources.as_deref(), &out, |step| {
        // Progress that cannot be shown is no reason to stop.
        let _ = writeln!(stderr(), "{:>7.2} s  {}", step.took.as_secs_f64(), step.done);
    })?;
    Ok(())
}
