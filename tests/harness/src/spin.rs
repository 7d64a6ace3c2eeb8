//! Spin with the composed component, where its CLI is installed.

use std::process::Command;

use anyhow::Result;
use tempfile::TempDir;

use crate::client::Client;
use crate::node::Node;
use crate::place;
use crate::process::Process;

/// The Spin host, its data and its node.
#[derive(Debug)]
pub struct Spin {
    url: String,
    _process: Process,
    _node: Node,
    _state: TempDir,
}

impl Spin {
    /// Is the `spin` command on PATH?
    pub fn installed() -> bool {
        std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join("spin").is_file()))
    }

    /// Start what `spin.toml` describes, on a free port with empty data.
    pub fn start(name: &str) -> Result<Self> {
        let port = place::free_port()?;
        let url = format!("http://127.0.0.1:{port}");
        let node = Node::start(&format!("{name}-node"), &url)?;
        let state = tempfile::tempdir()?;
        let mut command = Command::new("spin");
        command
            .current_dir(place::root())
            .args(["up", "--listen", &format!("127.0.0.1:{port}"), "--state-dir"])
            .arg(state.path())
            .args(["--variable", &format!("public_url={url}")])
            .args(["--variable", &format!("report_url={url}")])
            .args(["--variable", &format!("node_url={}", node.url())]);
        let (process, _) = Process::start(name, "http://127.0.0.1", command)?;
        Client::new(&url).wait_until_ready("/health/ready")?;
        Ok(Self {
            url,
            _process: process,
            _node: node,
            _state: state,
        })
    }

    /// Origin.
    pub fn url(&self) -> &str {
        &self.url
    }
}
