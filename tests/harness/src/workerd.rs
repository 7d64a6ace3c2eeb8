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

    /// Start for its cron trigger, `GET /cdn-cgi/handler/scheduled`, and with its `[build]` command. Static files are left out, because with
    /// them this wrangler cannot pull the trigger (workers-sdk issue 9882), and so is watching: somebody who edits meanwhile must not restart
    /// the Worker under test.
    pub fn start_with_its_build(name: &str) -> Result<Self> {
        let state = tempfile::tempdir()?;
        let configuration = without_files_and_watching(&place::root().join("wrangler.toml"), state.path())?;
        Self::start_from(name, &configuration, state)
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

/// A copy of the configuration in `folder` that names the Worker by its whole path and watches nothing that changes.
fn without_files_and_watching(original: &Path, folder: &Path) -> Result<PathBuf> {
    let mut table = read(original)?;
    let root = place::root();
    table.remove("assets");
    if let Some(Value::String(main)) = table.get_mut("main") {
        *main = root.join(&*main).display().to_string();
    }
    let build = table
        .get_mut("build")
        .and_then(Value::as_table_mut)
        .context("there is no [build]")?;
    build.insert("cwd".to_owned(), Value::String(root.display().to_string()));
    build.insert("watch_dir".to_owned(), Value::String(folder.join("nothing").display().to_string()));
    std::fs::create_dir(folder.join("nothing"))?;
    write(&table, folder)
}

/// A copy of the configuration and of what it names in `folder`, without `[build]`: neither a build that goes on meanwhile nor a changed source
/// restarts the Worker under test.
fn without_build(original: &Path, folder: &Path) -> Result<PathBuf> {
    let mut table = read(original)?;
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
    write(&table, folder)
}

fn read(configuration: &Path) -> Result<Table> {
    let text = std::fs::read_to_string(configuration).with_context(|| format!("read {}", configuration.display()))?;
    text.parse().with_context(|| format!("parse {}", configuration.display()))
}

fn write(table: &Table, folder: &Path) -> Result<PathBuf> {
    let path = folder.join("wrangler.toml");
    std::fs::write(&path, toml::to_string(table)?).with_context(|| format!("write {}", path.display()))?;
    Ok(path)
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
