//! The native host: `selvedge up`, with its own node.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use crate::client::Client;
use crate::place;
use crate::process::Process;

/// A running native host.
#[derive(Debug)]
pub struct Native {
    process: Process,
    url: String,
    key: String,
    // Goes away after the process.
    data: TempDir,
}

impl Native {
    /// Start on a free port with empty data.
    pub fn start(name: &str) -> Result<Self> {
        Self::start_on(name, tempfile::tempdir()?)
    }

    /// Start on a free port with data that an earlier host left.
    pub fn start_on(name: &str, data: TempDir) -> Result<Self> {
        let key_file = data.path().join("admin.key");
        let mut command = Command::new(place::binary("selvedge")?);
        command
            .current_dir(place::root())
            .env(
                "SELVEDGE_ASSETS",
                place::existing(place::target().join("selvedge"), "cargo xtask build")?,
            )
            .args(["up", "--port", "0", "--data"])
            .arg(data.path().join("data"))
            .arg("--admin-key-file")
            .arg(&key_file);
        let (process, line) = Process::start(name, "selvedge ready at http://", command)?;
        let url = address(&line)?;
        let key = std::fs::read_to_string(&key_file)
            .with_context(|| format!("read {}", key_file.display()))?
            .trim()
            .to_owned();
        Ok(Self { process, url, key, data })
    }

    /// Origin.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The administrator's key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Folder of its data and key file.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Speaks to it.
    pub fn client(&self) -> Client {
        Client::new(&self.url)
    }

    /// Its process.
    pub const fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    /// End it in order; its data stay.
    pub fn stop(mut self) -> Result<TempDir> {
        self.process.stop()?;
        Ok(self.data)
    }

    /// End it as a crash would; its data stay.
    pub fn kill(mut self) -> Result<TempDir> {
        self.process.kill()?;
        Ok(self.data)
    }
}

/// The address in a line such as `selvedge ready at http://127.0.0.1:3000`.
pub(crate) fn address(line: &str) -> Result<String> {
    let from = line.find("http://").with_context(|| format!("no address in `{line}`"))?;
    let rest = line.get(from..).unwrap_or_default();
    Ok(rest
        .split(char::is_whitespace)
        .next()
        .unwrap_or(rest)
        .trim_end_matches(['/', '.'])
        .to_owned())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_address_is_found_in_the_ready_line() {
        assert_eq!(
            super::address("selvedge ready at http://127.0.0.1:3000 (data in x)").unwrap(),
            "http://127.0.0.1:3000"
        );
        assert_eq!(
            super::address("[wrangler:info] Ready on http://127.0.0.1:81/").unwrap(),
            "http://127.0.0.1:81"
        );
    }
}
