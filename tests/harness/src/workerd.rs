//! The Worker under `wrangler dev`, with sqld behind it and a node.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use tempfile::TempDir;
use toml::{Table, Value};

use crate::node::Node;
use crate::place;
use crate::process::Process;
use crate::sqld::Sqld;

/// The Worker, its database and its node.
#[derive(Debug)]
pub struct Workerd {
    url: String,
    // In the order of their ends.
    _process: Process,
    node: Node,
    _database: Sqld,
    _state: TempDir,
}

impl Workerd {
    /// Start what `wrangler.toml` describes, on a free port with empty data. Its `[build]` command is left out: the test run has built.
    pub fn start(name: &str) -> Result<Self> {
        let state = tempfile::tempdir()?;
        let configuration = without_build(&place::root().join("wrangler.toml"), state.path())?;
        Self::start_from(name, &configuration, state)
    }

    /// Start from the root `wrangler.toml` as a user does, its build included.
    pub fn start_as_a_user(name: &str) -> Result<Self> {
        Self::start_from(name, &place::root().join("wrangler.toml"), tempfile::tempdir()?)
    }

    fn start_from(name: &str, configuration: &Path, state: TempDir) -> Result<Self> {
        let wrangler = place::existing(place::root().join("node_modules/wrangler/bin/wrangler.js"), "cargo xtask setup")?;
        let database = Sqld::start(&format!("{name}-sqld"))?;
        let port = place::free_port()?;
        let url = format!("http://127.0.0.1:{port}");
        let node = Node::start(&format!("{name}-node"), &url)?;
        let mut command = Command::new("node");
        command
            .current_dir(place::root())
            .env("WRANGLER_SEND_METRICS", "false")
            .env("CI", "1")
            .arg(wrangler)
            .args([
                "dev",
                "--ip",
                "127.0.0.1",
                "--port",
                &port.to_string(),
                "--inspector-port",
                "0",
                "--show-interactive-dev-session=false",
            ])
            .arg("--config")
            .arg(configuration)
            .arg("--persist-to")
            .arg(state.path().join("state"));
        for (variable, value) in [
            ("PUBLIC_URL", url.as_str()),
            ("REPORT_URL", url.as_str()),
            ("NODE_URL", node.url()),
            ("DATABASE_URL", database.url()),
        ] {
            command.arg("--var").arg(format!("{variable}:{value}"));
        }
        let (process, _) = Process::start(name, "Ready on http://", command)?;
        Ok(Self {
            url,
            _process: process,
            node,
            _database: database,
            _state: state,
        })
    }

    /// Origin.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its node.
    pub const fn node(&mut self) -> &mut Node {
        &mut self.node
    }
}

/// A copy of the configuration and of what it names in `folder`, without `[build]`: neither a build that goes on meanwhile nor a changed source
/// restarts the Worker under test.
fn without_build(original: &Path, folder: &Path) -> Result<PathBuf> {
    let text = std::fs::read_to_string(original).with_context(|| format!("read {}", original.display()))?;
    let mut table: Table = text.parse().with_context(|| format!("parse {}", original.display()))?;
    table.remove("build");
    if let Some(Value::String(main)) = table.get_mut("main") {
        let main_file = Path::new(&*main);
        let bundle = main_file.parent().context("`main` has no folder")?;
        copy(&built(bundle)?, &folder.join("worker"))?;
        *main = Path::new("worker")
            .join(main_file.file_name().context("`main` has no name")?)
            .display()
            .to_string();
    }
    if let Some(Value::String(directory)) = table.get_mut("assets").and_then(|assets| assets.get_mut("directory")) {
        copy(&built(Path::new(&*directory))?, &folder.join("site"))?;
        "site".clone_into(directory);
    }
    let copied = folder.join("wrangler.toml");
    std::fs::write(&copied, toml::to_string(&table)?)?;
    Ok(copied)
}

fn built(path: &Path) -> Result<PathBuf> {
    place::existing(place::root().join(path), "cargo xtask build worker")
}

/// Copy a folder with everything in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from).with_context(|| format!("list {}", from.display()))? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy(&from, &to)?;
        } else {
            std::fs::copy(&from, &to).with_context(|| format!("copy {}", from.display()))?;
        }
    }
    Ok(())
}
