//! The process behind the wall.

use std::fs::File;
use std::io;
use std::net::{TcpListener, TcpStream};
use std::os::fd::{OwnedFd, RawFd};
use std::process::exit;

use selvedge_protocol::hardening::{Layer, LayerState};
use selvedge_sandbox_worker::hardening::{Needs, Wall};

use crate::deeds::{DEEDS, PARENT};
use crate::{WALLS, calls};

/// The argument that makes this program stand behind the wall.
pub(crate) const BEHIND: &str = "behind-the-wall";
/// What starts a thread before the wall is closed.
pub(crate) const EARLY_THREAD: &str = "start-a-thread-too-early";
/// Exit code: the system refused.
pub(crate) const REFUSED: i32 = 10;
/// Exit code: it worked, and must not have.
pub(crate) const GOT_OUT: i32 = 11;

/// What is opened before the wall is closed, as the worker does.
pub(crate) struct Carried {
    pub(crate) pagemap: Option<File>,
    pub(crate) layers: Vec<Layer>,
    pub(crate) descriptors: Vec<String>,
    pub(crate) kept: Vec<OwnedFd>,
}

/// Put up this wall, do this, and end; `wanted` are descriptors to be kept.
pub(crate) fn stand(wall: &str, what: &str, wanted: &[RawFd]) -> ! {
    let (_, without) = WALLS.into_iter().find(|(name, _)| *name == wall).unwrap();
    let (begun, kept) = Wall::begin_without(without, wanted);
    // As the worker does: a defect is one line and an end.
    std::panic::set_hook(Box::new(|panic| {
        eprintln!("{panic}");
        exit(70);
    }));
    // Without the folder that is being read.
    let descriptors = std::fs::read_dir("/proc/self/fd")
        .unwrap()
        .map(|entry| std::fs::read_link(entry.unwrap().path()))
        .map(|target| target.map_or_else(|_| "gone".to_owned(), |target| target.display().to_string()))
        .filter(|target| !target.ends_with("/fd"))
        .collect();
    PARENT.get_or_init(std::os::unix::process::parent_id);
    let pagemap = File::open("/proc/self/pagemap").ok();
    let needs = Needs {
        descriptors: 64,
        threads: 16,
        file_bytes: 1 << 30,
    };
    if what == EARLY_THREAD {
        std::thread::spawn(std::thread::park);
    }
    let layers = begun.close(needs).unwrap_or_else(|error| panic!("{error}"));
    if let Some(missing) = layers.iter().find(|layer| layer.state == LayerState::Unavailable) {
        println!("missing here: {missing:?}");
    }
    if let Ok(number) = what.parse() {
        calls::make(number);
        exit(GOT_OUT);
    }
    let deed = DEEDS.iter().find(|deed| deed.name == what).unwrap();
    let carried = Carried {
        pagemap,
        layers,
        descriptors,
        kept,
    };
    match (deed.deed)(&carried) {
        Ok(()) if deed.harmless => exit(0),
        Ok(()) => exit(GOT_OUT),
        Err(error) => {
            println!("{error}");
            exit(REFUSED);
        }
    }
}

/// A connection of its own to itself: works wherever there is a network.
pub(crate) fn network() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    TcpStream::connect(listener.local_addr()?).map(drop)
}
