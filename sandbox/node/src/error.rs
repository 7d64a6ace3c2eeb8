//! Why a node does not start.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use selvedge_protocol::hardening::{Layer, LayerName};

/// Why a node does not start. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The edge's origin cannot be used.
    #[error("the edge's origin {origin:?} cannot be used: {reason}")]
    Edge {
        /// As given.
        origin: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The data folder cannot be used.
    #[error("the data folder {folder} cannot be used: {cause}. Give another with --data, or make it writable")]
    Data {
        /// As given.
        folder: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The store cannot be used.
    #[error("the store {place} cannot be used: {cause}")]
    Store {
        /// As given.
        place: PathBuf,
        /// Why, and what to do.
        cause: io::Error,
    },
    /// Another node has the data folder.
    #[error("another node is using the data folder {folder}. Stop it first, or give this one a folder of its own with --data")]
    Taken {
        /// As given.
        folder: PathBuf,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {cause}. Give another with --listen; port 0 takes a free one")]
    Listen {
        /// As given.
        address: SocketAddr,
        /// Why.
        cause: io::Error,
    },
    /// The address for metrics cannot be listened on.
    #[error("cannot listen on {address} for metrics: {cause}. Give another with --metrics; port 0 takes a free one")]
    Metrics {
        /// As given.
        address: SocketAddr,
        /// Why.
        cause: io::Error,
    },
    /// The worker program does not start.
    #[error("the worker program {program} does not start: {cause}. `cargo xtask build` makes it; --worker names it")]
    Spawn {
        /// As given.
        program: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// A layer of the worker's wall that was asked for does not stand.
    #[error("the worker's wall lacks {missing}. --require-hardening asks for it; `selvedge doctor` shows the whole wall")]
    Wall {
        /// Which, why, and what to do.
        missing: String,
    },
    /// The worker started and gave up.
    #[error("the worker could not begin: {reason}")]
    Worker {
        /// What it said last.
        reason: String,
    },
}

impl StartError {
    /// These layers were asked for, and this is what there is.
    pub(crate) fn wall(missing: &[LayerName], found: &[Layer]) -> Self {
        let each = missing.iter().map(|name| {
            let why = found
                .iter()
                .find(|layer| layer.layer == *name)
                .map_or("the worker does not know it", |layer| &layer.why);
            format!("{name} ({why}: {})", name.advice())
        });
        Self::Wall {
            missing: each.collect::<Vec<_>>().join(", "),
        }
    }
}
