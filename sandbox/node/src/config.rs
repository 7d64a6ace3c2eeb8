//! What a node is told when it starts.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::thread::available_parallelism;
use std::time::Duration;

use crate::store::StoreOptions;
use crate::workers::Workers;

/// Where a node listens, whom it serves, and how much it takes on.
#[derive(Clone, Debug)]
pub struct NodeConfig {
    /// Address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Origin of the edge, without a path: whose tickets are taken and who gets the reports. Nothing else is ever called.
    pub edge: String,
    /// Folder of the journal and, unless `store` says otherwise, of the kernels' checkpoints; one node at a time.
    pub data: PathBuf,
    /// Folder of a guest image, or of the folders of several.
    pub image: PathBuf,
    /// The program `selvedge-sandbox-worker`.
    pub worker: PathBuf,
    /// How much the node takes on.
    pub capacity: Capacity,
    /// What its operator calls the place where it stands; an edge that knows several nodes chooses by it.
    pub region: String,
    /// How long runs may go on when the node is stopped. Orders are refused meanwhile, everything else is answered.
    pub drain: Duration,
    /// Kernels that nobody has used for this long go to sleep: their memory is given back, their checkpoint wakes them.
    pub idle: Duration,
    /// Where `GET /metrics` is answered; nowhere when none. Port 0 takes a free one, which the log names.
    pub metrics: Option<SocketAddr>,
    /// Where kernels' checkpoints are.
    pub store: StoreOptions,
    /// The processes that run guests.
    pub workers: Workers,
}

impl NodeConfig {
    /// How long kernels stay awake unless somebody says otherwise.
    pub const IDLE: Duration = Duration::from_secs(600);
}

/// How much a node takes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// Runs that are in the interpreter at the same time; they share the cores.
    pub running: usize,
    /// Runs that wait beside those; one more is refused with 429.
    pub waiting: usize,
    /// The same for each project, so that none takes all of them.
    pub waiting_of_project: usize,
    /// Kernels kept alive. The one unused for longest goes to sleep first: it is woken from its checkpoint.
    pub kernels: usize,
}

impl Default for Capacity {
    fn default() -> Self {
        Self {
            running: 4 * available_parallelism().map_or(1, usize::from),
            waiting: 1_024,
            waiting_of_project: 256,
            kernels: 256,
        }
    }
}
