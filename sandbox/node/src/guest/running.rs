//! One worker process: started, heard until it ends.

use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use selvedge_protocol::hardening::{Layer, LayerState};
use selvedge_protocol::worker::{FromWorker, VERSION};
use serde_json::json;
use tokio::io::BufReader;
use tokio::process::{Child, Command};
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Instant, timeout};

use super::cgroup::{self, Group, Share};
use super::complaints;
use super::homes::Homes;
use super::memories::Given;
use super::{Process, Program};
use crate::error::StartError;
use crate::frames;
use crate::log;

/// How long opening the image may take.
const START_PATIENCE: Duration = Duration::from_secs(30);

/// A process and what is needed to wait for its end.
pub(super) struct Running {
    child: Child,
    output: BufReader<tokio::process::ChildStdout>,
    /// What to talk to.
    pub(super) process: Arc<Process>,
    /// Its wall, once it has begun.
    pub(super) layers: Vec<Layer>,
    group: Option<Group>,
    /// Ends, with the last line, when the worker has closed its stderr.
    last_words: JoinHandle<String>,
    /// When it was started.
    pub(super) began: Instant,
}

impl Running {
    /// Start a worker and wait until it has opened the image.
    pub(super) async fn start(program: &Program, cordon: &'static str, share: Share, homes: &Homes) -> Result<Self, StartError> {
        let (memories, image) = (program.memories.clone(), program.image.clone());
        // A worker that is given nothing reads its images itself.
        let given = spawn_blocking(move || memories.of(&image)).await.unwrap_or_default();
        let mut running = Self::spawn(program, &given, share, homes)?;
        let image = running.begin().await?;
        let missing: Vec<_> = program
            .required
            .iter()
            .filter(|name| {
                !running
                    .layers
                    .iter()
                    .any(|layer| layer.layer == **name && layer.state == LayerState::On)
            })
            .copied()
            .collect();
        if !missing.is_empty() {
            return Err(StartError::wall(&missing, &running.layers));
        }
        log::info(
            "the worker is ready",
            json!({ "pid": running.child.id(), "cordon": cordon, "image": image, "ms": running.began.elapsed().as_millis() }),
        );
        Ok(running)
    }

    /// Its process id, while it lives.
    pub(super) fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    fn spawn(program: &Program, given: &Given, share: Share, homes: &Homes) -> Result<Self, StartError> {
        let failed = |cause| StartError::Spawn {
            program: program.worker.clone(),
            cause,
        };
        let (worker, image) = (std::path::absolute(&program.worker), std::path::absolute(&program.image));
        let mut child = Command::new(worker.map_err(failed)?)
            .arg("--image")
            .arg(image.map_err(failed)?)
            .args(["--kernels", &program.kernels.to_string(), "--running", &program.running.to_string()])
            .args(given.arguments())
            // Nothing of the node's surroundings reaches the process that runs users' code. It closes descriptors itself, but for those.
            .env_clear()
            .current_dir("/")
            // Ctrl-C in a terminal is for the node, which then ends its runs in order.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let missing = || failed(std::io::Error::other("its pipes are missing"));
        let (input, output, errors) = (
            child.stdin.take().ok_or_else(missing)?,
            child.stdout.take().ok_or_else(missing)?,
            child.stderr.take().ok_or_else(missing)?,
        );
        let (group, layer) = cgroup::enter(program.cgroup.as_deref(), child.id(), share);
        let (frames, queue) = mpsc::unbounded_channel();
        tokio::spawn(frames::write(input, queue));
        let last_words = tokio::spawn(complaints::pass_on(errors));
        let process = Process::new(frames, homes);
        Ok(Self {
            child,
            output: BufReader::with_capacity(64 << 10, output),
            process,
            layers: vec![layer],
            group,
            last_words,
            began: Instant::now(),
        })
    }

    /// Waits for the worker's first message; gives the image's hash.
    async fn begin(&mut self) -> Result<String, StartError> {
        let refused = |reason: String| StartError::Worker { reason };
        match timeout(START_PATIENCE, frames::read(&mut self.output)).await {
            Ok(Ok(Some((
                FromWorker::Ready {
                    version: VERSION,
                    image,
                    layers,
                },
                _,
            )))) => {
                self.layers.extend(layers);
                Ok(image)
            }
            Ok(Ok(Some((FromWorker::Ready { version, .. }, _)))) => Err(refused(format!(
                "it speaks version {version} of the worker protocol and this node speaks {VERSION}: build both from the same sources"
            ))),
            Ok(Ok(Some(_))) => Err(refused("it did not say that it is ready".to_owned())),
            Ok(Ok(None)) => {
                let status = self.child.wait().await.map_or_else(|error| error.to_string(), how_it_ended);
                let words = (&mut self.last_words).await.unwrap_or_default();
                Err(refused(if words.is_empty() { status } else { words }))
            }
            Ok(Err(error)) => Err(refused(error.to_string())),
            Err(_) => Err(refused(format!("it was not ready after {} s", START_PATIENCE.as_secs()))),
        }
    }

    /// Carries messages until the process ends or has to be ended, alone or with its worker; tells how it ended, when the system is done with it.
    pub(super) async fn serve(mut self, mut ended: watch::Receiver<bool>) -> String {
        loop {
            let message = tokio::select! {
                message = frames::read(&mut self.output) => message,
                () = self.process.killed() => break,
                _ = ended.wait_for(|ended| *ended) => break,
            };
            match message {
                Ok(Some((message, attachment))) => self.process.deliver(message, attachment),
                Ok(None) => break,
                Err(error) => {
                    log::warn(
                        "the worker says what no worker says; it is replaced",
                        json!({ "error": error.to_string() }),
                    );
                    break;
                }
            }
        }
        let _ = self.child.start_kill();
        let how = self.child.wait().await.map_or_else(|error| error.to_string(), how_it_ended);
        self.process.hang_up();
        drop(self.group);
        how
    }
}

/// For the log.
fn how_it_ended(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;

    match status.signal() {
        Some(SIGSYS) => "it was ended by its system-call filter: something in it asked the system for what guests never need".to_owned(),
        _ => status.to_string(),
    }
}

/// The same number wherever Linux runs on what workers run on.
const SIGSYS: i32 = 31;
