//! `selvedge-sandbox-worker`: the process that runs guests.
//!
//! It opens the image and from then on needs nothing but its stdin and stdout, over which its node sends it cells
//! (`selvedge_protocol::worker`). It keeps kernels alive but owns nothing: every kernel's memory goes to the node after each cell, so this
//! process can be killed at any moment. When its stdin ends, it ends.

mod bench;
mod entropy;
mod floor;
mod kernels;
mod words;

use std::fs::File;
use std::io::BufReader;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::exit;
use std::sync::Arc;

use anyhow::Context;
use clap::Parser;
use selvedge_engine::{Engine, Image, PoolSize};
use selvedge_protocol::worker::{FromWorker, ToWorker, VERSION, read_frame};

use floor::Floor;
use words::Words;

/// Bytes read from the node at a time.
const READ_BYTES: usize = 64 << 10;

/// Run guests for a node. Started by `selvedge-node`; of no use by hand.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Folder of the guest image.
    #[arg(long)]
    image: PathBuf,
    /// Idle kernels kept alive.
    #[arg(long, default_value_t = 256)]
    kernels: u32,
    /// Runs that the node sends at the same time.
    #[arg(long, default_value_t = 64)]
    running: u32,
}

fn main() {
    let arguments = Arguments::parse();
    // A run that nobody carries on would never end. The node knows what to do when this process dies.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        words::complain(&format!("the worker has a defect at {place} and ends"));
        exit(70);
    }));
    match work(&arguments) {
        Ok(()) => exit(0),
        Err(error) => {
            words::complain(&format!("{error:#}"));
            exit(1);
        }
    }
}

/// Until stdin ends. What runs then is not waited for.
fn work(arguments: &Arguments) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_time()
        .build()
        .context("the system gives no threads")?;
    let (engine, image) = open(&arguments.image, arguments.kernels.saturating_add(arguments.running))?;
    let words = Arc::new(Words::new()?);
    words.say(&FromWorker::Ready { version: VERSION, image });
    let floor = Arc::new(Floor::new(engine, words, usize::try_from(arguments.kernels)?));
    let mut input = BufReader::with_capacity(READ_BYTES, File::from(std::io::stdin().as_fd().try_clone_to_owned()?));
    while let Some((message, attachment)) = read_frame(&mut input).context("what comes from the node is not understood")? {
        match message {
            ToWorker::Run(cell) => floor.run(cell, attachment, runtime.handle()),
            ToWorker::Cancel { run } => floor.cancel(&run),
            ToWorker::Forget { kernel } => floor.forget(&kernel),
        }
    }
    Ok(())
}

fn open(folder: &Path, instances: u32) -> anyhow::Result<(Engine, String)> {
    let image = Image::open(folder)?;
    let hash = image.hash().to_owned();
    Ok((Engine::new(image, PoolSize::kernels(instances))?, hash))
}
