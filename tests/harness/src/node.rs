//! An execution node of its own, for edges that have none beside them.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::Result;
use tempfile::TempDir;

use crate::native::address;
use crate::place;
use crate::process::Process;

/// A running node.
#[derive(Debug)]
pub struct Node {
    process: Process,
    url: String,
    data: TempDir,
}

impl Node {
    /// Start on a free port. It takes orders signed by, and reports to, the edge at this origin.
    pub fn start(name: &str, edge: &str) -> Result<Self> {
        Self::start_with(name, edge, None)
    }

    /// The same with another program in the place of the worker.
    pub fn start_with(name: &str, edge: &str, worker: Option<&Path>) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let mut command = Command::new(place::binary("selvedge-node")?);
        command
            .args(["--listen", "127.0.0.1:0", "--edge", edge, "--data"])
            .arg(data.path())
            .args(image_arguments()?)
            .arg("--worker")
            .arg(worker.map_or_else(|| place::binary("selvedge-sandbox-worker"), |worker| Ok(worker.to_owned()))?);
        let (process, line) = Process::start(name, "selvedge-node ready at http://", command)?;
        let url = address(&line)?;
        Ok(Self { process, url, data })
    }

    /// Origin.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its folder.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Its kept log, one JSON object a line.
    pub fn log(&self) -> &Path {
        self.process.log()
    }

    /// Its process.
    pub const fn process(&mut self) -> &mut Process {
        &mut self.process
    }
}

/// How a node and a worker are told where the image is.
pub fn image_arguments() -> Result<[OsString; 2]> {
    let image = place::existing(place::target().join("selvedge/images"), "cargo xtask build guests")?;
    Ok(["--image".into(), image.into()])
}
