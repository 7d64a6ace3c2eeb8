//! `selvedge-sandbox-worker`: the process that runs guests.
//!
//! It opens its images, closes its wall ([`selvedge_sandbox_worker::hardening`]) and from then on has nothing but its stdin and stdout, over
//! which its node sends it cells (`selvedge_protocol::worker`). It keeps kernels alive but owns nothing: every kernel's memory goes to the node after each cell, so this
//! process can be killed at any moment. When its stdin ends, it ends.

mod ask;
mod bench;
mod certify;
mod entropy;
mod floor;
mod images;
mod kernels;
mod line;
mod measure;
mod words;

use std::fs::File;
use std::io::BufReader;
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};
use std::path::PathBuf;
use std::process::exit;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use selvedge_protocol::limits::MEMORY_BYTES_MAX;
use selvedge_protocol::worker::{FromWorker, ToWorker, VERSION, read_frame};
use selvedge_sandbox_worker::hardening::{Needs, Wall};

use floor::Floor;
use images::Images;
use words::Words;

/// Bytes read from the node at a time.
const READ_BYTES: usize = 64 << 10;

/// Descriptors open at a time: images, and memory that several guests share.
const DESCRIPTORS: u64 = 4096;
/// Threads that pack and unpack checkpoints, beside one per core.
const PACKERS: usize = 16;

/// Run guests for a node. Started by `selvedge-node`; of no use by hand.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Folder of the guest image, or of the folders of several.
    #[arg(long, required_unless_present = "show_wall")]
    image: Option<PathBuf>,
    /// Close the wall, print its layers as JSON, and end.
    #[arg(long, exclusive = true)]
    show_wall: bool,
    /// Idle kernels kept alive.
    #[arg(long, default_value_t = 256)]
    kernels: u32,
    /// Inherited descriptor of a sealed file that holds what an image's memories begin with, and that file's BLAKE3: `HASH:NUMBER`. Without
    /// it this process reads the image's own. Can be given several times.
    #[arg(long, value_name = "HASH:NUMBER", value_parser = Named::parse)]
    memory: Vec<Named>,
    /// Runs that the node sends at the same time.
    #[arg(long, default_value_t = 64)]
    running: u32,
}

/// An inherited descriptor, and the BLAKE3 of what is in it.
#[derive(Clone, Debug)]
struct Named {
    hash: String,
    number: RawFd,
}

impl Named {
    fn parse(text: &str) -> Result<Self, String> {
        let (hash, number) = text.split_once(':').ok_or("it is HASH:NUMBER")?;
        let number = number
            .parse()
            .ok()
            .filter(|number| *number > 2)
            .ok_or("that is no number of a descriptor")?;
        Ok(Self {
            hash: hash.to_owned(),
            number,
        })
    }
}

fn main() {
    let arguments = Arguments::parse();
    let named: Vec<RawFd> = arguments.memory.iter().map(|named| named.number).collect();
    let (wall, kept) = Wall::begin(&named);
    // A run that nobody carries on would never end. The node knows what to do when this process dies.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        words::complain(&format!("the worker has a defect at {place} and ends"));
        exit(70);
    }));
    match work(&arguments, kept, wall) {
        Ok(()) => exit(0),
        Err(error) => {
            words::complain(&format!("{error:#}"));
            exit(1);
        }
    }
}

/// Until stdin ends. What runs then is not waited for.
fn work(arguments: &Arguments, kept: Vec<OwnedFd>, wall: Wall) -> anyhow::Result<()> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let needs = Needs {
        descriptors: DESCRIPTORS,
        threads: u64::try_from(cores + PACKERS + 8)?,
        file_bytes: MEMORY_BYTES_MAX,
    };
    let Some(image) = &arguments.image else {
        let layers = wall.close(needs)?;
        return Ok(serde_json::to_writer(std::io::stdout(), &layers)?);
    };
    let hash_of = |file: &OwnedFd| {
        let named = arguments.memory.iter().find(|named| named.number == file.as_raw_fd())?;
        Some(named.hash.clone())
    };
    let shared = kept.into_iter().filter_map(|file| Some((hash_of(&file)?, file))).collect();
    let images = Images::open(image, shared, arguments.kernels.saturating_add(2 * arguments.running))?;
    let layers = wall.close(needs)?;
    // Threads start behind the wall, and know how many there are to be: there is nowhere left to look.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(cores)
        .max_blocking_threads(PACKERS)
        .enable_time()
        .build()
        .context("the system gives no threads")?;
    let words = Arc::new(Words::new()?);
    words.say(&FromWorker::Ready {
        version: VERSION,
        image: images.hashes(),
        layers,
    });
    let floor = Arc::new(Floor::new(images, words, usize::try_from(arguments.kernels)?));
    let mut input = BufReader::with_capacity(READ_BYTES, File::from(std::io::stdin().as_fd().try_clone_to_owned()?));
    while let Some((message, attachment)) = read_frame(&mut input).context("what comes from the node is not understood")? {
        match message {
            ToWorker::Run(cell) => floor.run(cell, attachment, runtime.handle()),
            ToWorker::Cancel { run } => floor.cancel(&run),
            ToWorker::Forget { kernel } => floor.forget(&kernel),
            ToWorker::Input { run, text, waited_us } => floor.input(&run, text.as_deref(), Duration::from_micros(waited_us)),
            ToWorker::Taken { run, events } => floor.taken(&run, events),
            ToWorker::Ask(ask) => {
                runtime.spawn(floor.clone().answer(ask, attachment));
            }
        }
    }
    Ok(())
}
