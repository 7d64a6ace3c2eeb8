//! A contestant that is another program: `tests/bench/peers`, as `cargo xtask bench` installs them. One request a line, one answer a line.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};
use selvedge_harness::place;
use serde_json::Value;

/// A running peer; ends with this value.
pub(crate) struct Peer {
    process: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// What runs a peer's program.
#[derive(Clone, Copy)]
pub(crate) enum Runtime {
    /// The Python on PATH: the CPython that people have.
    Python,
    /// The Python of `requirements.txt`.
    Environment,
    /// Node.js.
    Node,
}

impl Peer {
    /// Starts a peer. None, with a line that says so, when its runtime or its packages are not installed.
    pub(crate) fn start(runtime: Runtime, program: &str) -> Option<Self> {
        match Self::try_start(runtime, program) {
            Ok(peer) => Some(peer),
            Err(error) => {
                println!("  {program} is left out: {error:#}");
                None
            }
        }
    }

    fn try_start(runtime: Runtime, program: &str) -> Result<Self> {
        let folder = folder();
        let interpreter = match runtime {
            Runtime::Python => python()?,
            Runtime::Environment => place::existing(folder.join("venv/bin/python"), "cargo xtask bench")?,
            Runtime::Node => PathBuf::from("node"),
        };
        let mut process = Command::new(interpreter)
            .arg(folder.join(program))
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (requests, answers) = (process.stdin.take(), process.stdout.take().context("it has no stdout")?);
        let mut peer = Self {
            process,
            requests,
            answers: BufReader::new(answers),
        };
        // One that misses a package ends at once.
        match peer.ask(&serde_json::json!({ "do": "hello" })) {
            Ok(_) => Ok(peer),
            Err(error) => Err(error.context("it does not start")),
        }
    }

    /// Asks; an answer of the form `{"error": …}` comes back as it is.
    pub(crate) fn ask(&mut self, request: &Value) -> Result<Value> {
        let requests = self.requests.as_mut().context("the peer was stopped")?;
        writeln!(requests, "{request}")?;
        requests.flush()?;
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            bail!("the peer ended");
        }
        Ok(serde_json::from_str(&line)?)
    }

    /// The times, in milliseconds, of an answer's `field`.
    pub(crate) fn times(&mut self, request: &Value, field: &str) -> Result<Vec<f64>> {
        let answer = self.ask(request)?;
        let times = answer.get(field).and_then(Value::as_array).with_context(|| answer.to_string())?;
        Ok(times.iter().filter_map(Value::as_f64).collect())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Peers end with their input.
        self.requests = None;
        let _ = self.process.wait();
    }
}

/// The interpreter itself, not a version manager's script in front of it.
pub(crate) fn python() -> Result<PathBuf> {
    let output = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output()?;
    let path = PathBuf::from(String::from_utf8(output.stdout)?.trim());
    place::existing(path, "apt-get install python3")
}

fn folder() -> PathBuf {
    place::target().join("bench/peers")
}
