//! The processes that run guests: started, talked to, kept apart by who asks, replaced when they die or have grown old.

mod cgroup;
mod complaints;
mod cordons;
mod homes;
mod memories;
mod pause;
mod private;
mod process;
mod questions;
mod running;
mod wear;
mod worker;

use std::path::PathBuf;

use selvedge_protocol::hardening::LayerName;

pub(crate) use cordons::{CordonHealth, Guests, Seat};
pub(crate) use homes::Awake;
pub(crate) use memories::Memories;
pub(crate) use process::{Messages, Process};
pub(crate) use wear::Limits as WearLimits;
pub(crate) use worker::Guest;

/// How a worker is started.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// The program.
    pub(crate) worker: PathBuf,
    /// Folder of an image, or of the folders of several.
    pub(crate) image: PathBuf,
    /// What memories begin with, for all workers.
    pub(crate) memories: Memories,
    /// Kernels kept alive.
    pub(crate) kernels: usize,
    /// Runs at the same time.
    pub(crate) running: usize,
    /// Layers of the wall without which no worker is taken.
    pub(crate) required: Vec<LayerName>,
    /// When a worker is replaced although it is well.
    pub(crate) wear: WearLimits,
    /// Folder of a cgroup in which workers get groups of their own.
    pub(crate) cgroup: Option<PathBuf>,
}
