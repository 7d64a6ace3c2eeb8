//! What a node says of itself to whoever asks `GET /health/ready`: the heartbeat that an edge or a balancer takes by asking, so a node needs no
//! authority at anybody's place to be known as alive.

use selvedge_protocol::hardening::Layer;
use serde::Serialize;

use crate::config::Capacity;
use crate::guest::{Awake, CordonHealth};

/// The answer, with 200 when it is ready and 503 when it is not.
#[derive(Debug, Serialize)]
pub(crate) struct Status<'a> {
    /// What to do with this node.
    pub(crate) status: State,
    /// Where it is, as its operator calls the place.
    pub(crate) region: &'a str,
    /// Of the program.
    pub(crate) version: &'static str,
    /// How much it takes on.
    pub(crate) capacity: CapacityOf,
    /// How much it has.
    pub(crate) load: Load,
    /// Kernels that need no waking.
    pub(crate) kernels: Awake,
    /// Its worker processes.
    pub(crate) cordons: Vec<CordonHealth>,
    /// The wall around each of them.
    pub(crate) hardening: Vec<Layer>,
}

/// What to do with a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// Send it runs.
    Ready,
    /// Send it no more: it is going down when those that it has have ended.
    Draining,
    /// Try again: no worker process is up.
    NotReady,
}

/// Bounds of what a node takes on.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct CapacityOf {
    running: usize,
    waiting: usize,
    waiting_of_project: usize,
    kernels: usize,
}

/// What a node has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Load {
    /// Runs in the interpreter.
    pub(crate) running: i64,
    /// Runs that were accepted and have not begun.
    pub(crate) waiting: i64,
}

impl From<Capacity> for CapacityOf {
    fn from(capacity: Capacity) -> Self {
        let Capacity {
            running,
            waiting,
            waiting_of_project,
            kernels,
        } = capacity;
        Self {
            running,
            waiting,
            waiting_of_project,
            kernels,
        }
    }
}
