//! An execution node of its own, for edges that have none beside them.

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
    _data: TempDir,
}

impl Node {
    /// Start on a free port. It takes orders signed by, and reports to, the edge at this origin.
    pub fn start(name: &str, edge: &str) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let mut command = Command::new(place::binary("selvedge-node")?);
        command
            .args(["--listen", "127.0.0.1:0", "--edge", edge, "--data"])
            .arg(data.path())
            .arg("--image")
            .arg(place::existing(
                place::target().join("selvedge/images/python"),
                "cargo xtask build guests",
            )?)
            .arg("--worker")
            .arg(place::binary("selvedge-sandbox-worker")?);
        let (process, line) = Process::start(name, "selvedge-node ready at http://", command)?;
        let url = address(&line)?;
        Ok(Self { process, url, _data: data })
    }

    /// Origin.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its process.
    pub const fn process(&mut self) -> &mut Process {
        &mut self.process
    }
}
