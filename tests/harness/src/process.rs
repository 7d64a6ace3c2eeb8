//! A server process: its log, its readiness, its end.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::{interrupt, place};

/// How long a server may take to say that it is ready; `wrangler dev` builds first.
const READY_WITHIN: Duration = Duration::from_secs(300);
/// How long a server may take to end when asked, before it is killed.
const END_WITHIN: Duration = Duration::from_secs(10);

/// A running server.
#[derive(Debug)]
pub struct Process {
    child: Child,
    group: Option<Pid>,
    name: String,
    log: PathBuf,
}

impl Process {
    /// Start `command` in a process group of its own and wait until it prints a line that holds `marker`; returns that line too. Both output
    /// streams go to `tests/artifacts/<name>.log`, which is begun anew.
    pub fn start(name: &str, marker: &str, mut command: Command) -> Result<(Self, String)> {
        let log = place::log(name)?;
        let mut file = File::create(&log).with_context(|| format!("open {}", log.display()))?;
        writeln!(file, "== {command:?}")?;
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        let mut child = command
            .spawn()
            .with_context(|| format!("start {}", command.get_program().display()))?;
        let (send, ready) = sync_channel(1);
        if let Some(output) = child.stdout.take() {
            follow(output, file.try_clone()?, marker.to_owned(), send.clone());
        }
        if let Some(output) = child.stderr.take() {
            follow(output, file, marker.to_owned(), send);
        }
        let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        group.into_iter().for_each(interrupt::watch);
        let mut process = Self {
            child,
            group,
            name: name.to_owned(),
            log,
        };
        let line = process.wait_until_ready(marker, &ready)?;
        Ok((process, line))
    }

    fn wait_until_ready(&mut self, marker: &str, ready: &Receiver<String>) -> Result<String> {
        match ready.recv_timeout(READY_WITHIN) {
            Ok(line) => Ok(line),
            Err(RecvTimeoutError::Timeout) => bail!("{} did not print `{marker}` within {READY_WITHIN:?}.\n{}", self.name, self.tail()),
            Err(RecvTimeoutError::Disconnected) => {
                let status = self.child.wait()?;
                bail!("{} ended before it was ready: {status}.\n{}", self.name, self.tail())
            }
        }
    }

    /// Process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The kept log.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Ask it to end (SIGTERM) and wait for that; returns how it ended.
    pub fn stop(&mut self) -> Result<ExitStatus> {
        self.end_with(Signal::TERM)
    }

    /// End it at once (SIGKILL), as a crash would.
    pub fn kill(&mut self) -> Result<ExitStatus> {
        self.end_with(Signal::KILL)
    }

    fn end_with(&mut self, signal: Signal) -> Result<ExitStatus> {
        // Set until its end was seen: after that the number may be another's.
        let Some(group) = self.group.take() else {
            return Ok(self.child.wait()?);
        };
        let _ = kill_process_group(group, signal);
        let asked = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait()? {
                break status;
            }
            if asked.elapsed() > END_WITHIN {
                let _ = kill_process_group(group, Signal::KILL);
                break self.child.wait()?;
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        // Whatever it started and left behind.
        let _ = kill_process_group(group, Signal::KILL);
        interrupt::forget(group);
        Ok(status)
    }

    /// The end of the log, for error messages.
    fn tail(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let from = lines.len().saturating_sub(25);
        format!(
            "{} ends with:\n{}",
            self.log.display(),
            lines.get(from..).unwrap_or_default().join("\n")
        )
    }
}

/// Copy a stream to the log and look for the marker in it, on a thread that ends with the stream.
fn follow(stream: impl Read + Send + 'static, mut log: File, marker: String, ready: SyncSender<String>) {
    std::thread::spawn(move || {
        let mut lines = BufReader::new(stream).split(b'\n');
        while let Some(Ok(mut line)) = lines.next() {
            let text = String::from_utf8_lossy(&line);
            if text.contains(&marker) {
                // A full channel means that readiness was seen before.
                drop(ready.try_send(text.into_owned()));
            }
            line.push(b'\n');
            // A log that cannot be written is no reason to let the server block on a full pipe.
            drop(log.write_all(&line));
        }
    });
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.stop());
    }
}
