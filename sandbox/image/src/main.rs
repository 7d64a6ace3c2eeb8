//! `selvedge-image --name NAME --guest FILE.wasm --sources DIR --out DIR`, `selvedge-image environment …` and `selvedge-image install …`

mod environment;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use selvedge_environment::Packages;
use selvedge_image::{Ingredients, Step};
use std::io::{Write as _, stderr};
use std::path::PathBuf;

/// Builds a guest image: boots the guest once, keeps its memory, compiles it ahead of time.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
struct Arguments {
    #[command(flatten)]
    image: Option<ImageArguments>,
    #[command(subcommand)]
    other: Option<Other>,
}

#[derive(Subcommand)]
enum Other {
    /// An image whose kernels can import packages
    Environment(environment::Arguments),
    /// Put a copy of an image where nodes look for it: whoever opens that meanwhile finds the old one or the new one, whole
    Install {
        /// The image's folder
        #[arg(long, value_name = "DIR")]
        from: PathBuf,
        /// Where it goes
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

#[derive(Args)]
struct ImageArguments {
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
    /// Where machine code is kept that was made before
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    match (arguments.other, arguments.image) {
        (Some(Other::Environment(arguments)), _) => environment::build(&arguments),
        (Some(Other::Install { from, out }), _) => Ok(selvedge_image::install(&from, &out)?),
        (None, Some(arguments)) => image(&arguments),
        (None, None) => anyhow::bail!("nothing to build; see --help"),
    }
}

fn image(arguments: &ImageArguments) -> anyhow::Result<()> {
    let guest = read_guest(&arguments.guest)?;
    let ingredients = Ingredients {
        name: &arguments.name,
        guest: &guest,
        sources: arguments.sources.as_deref(),
        packages: &Packages::default(),
        imports: &[],
        cache: arguments.cache.as_deref(),
    };
    selvedge_image::build(&ingredients, &arguments.out, show)?;
    Ok(())
}

fn read_guest(path: &std::path::Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read the guest module {}", path.display()))
}

fn show(step: Step) {
    // Progress that cannot be shown is no reason to stop.
    let _ = writeln!(stderr(), "{:>7.2} s  {}", step.took.as_secs_f64(), step.done);
}
