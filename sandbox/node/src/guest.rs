//! The guest worker process: started, talked to, and replaced when it dies.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use selvedge_protocol::worker::{FromWorker, RunCell, ToWorker, VERSION};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use crate::error::StartError;
use crate::frames::{self, Frame};
use crate::log;

/// How long opening the image may take.
const START_PATIENCE: Duration = Duration::from_secs(30);
/// A worker that dies sooner than this is not replaced at once.
const SHORT_LIFE: Duration = Duration::from_secs(1);
/// Longest line of the worker's stderr that is kept.
const LINE_BYTES_MAX: usize = 4096;

/// How a worker is started.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// The program.
    pub(crate) worker: PathBuf,
    /// The image's folder.
    pub(crate) image: PathBuf,
    /// Kernels kept alive.
    pub(crate) kernels: usize,
    /// Runs at the same time.
    pub(crate) running: usize,
}

/// What a run hears from the worker. The end of the channel without a last message: the worker died.
pub(crate) type Messages = mpsc::UnboundedReceiver<(FromWorker, Bytes)>;
type Listener = mpsc::UnboundedSender<(FromWorker, Bytes)>;

/// The worker of this node, whichever process that is at the moment.
#[derive(Debug)]
pub(crate) struct Guest {
    process: watch::Receiver<Option<Arc<Process>>>,
    supervisor: JoinHandle<()>,
}

/// One worker process.
#[derive(Debug)]
pub(crate) struct Process {
    frames: mpsc::UnboundedSender<Frame>,
    /// Who hears what is said about which run; none once the process is gone.
    runs: Mutex<Option<HashMap<String, Listener>>>,
    kill: Notify,
}

impl Guest {
    /// Start the worker and wait until it has opened the image.
    pub(crate) async fn start(program: Program) -> Result<Self, StartError> {
        let mut first = Running::spawn(&program)?;
        first.begin().await?;
        let (announce, process) = watch::channel(Some(first.process.clone()));
        let supervisor = tokio::spawn(supervise(program, first, announce));
        Ok(Self { process, supervisor })
    }

    /// Is there a worker that takes runs?
    pub(crate) fn is_ready(&self) -> bool {
        self.process.borrow().is_some()
    }

    /// Send a run to the worker; waits for one when it is just being replaced.
    pub(crate) async fn run(&self, cell: RunCell, checkpoint: Bytes) -> Option<(Arc<Process>, Messages)> {
        let mut process = self.process.clone();
        let run = cell.run.clone();
        let frame = Frame::new(&ToWorker::Run(cell), checkpoint)
            .inspect_err(|error| {
                log::warn(
                    "a run could not be sent to the worker",
                    json!({ "run": run, "error": error.to_string() }),
                )
            })
            .ok()?;
        loop {
            let current = process.wait_for(Option::is_some).await.ok()?.clone()?;
            if let Some(messages) = current.listen(&run) {
                // When the process dies now, the channel ends.
                let _ = current.frames.send(frame);
                return Some((current, messages));
            }
            // It has died, but the supervisor has not said so yet.
            process.changed().await.ok()?;
        }
    }

    /// Drop a kernel's live instance.
    pub(crate) fn forget(&self, kernel: &str) {
        if let Some(process) = self.process.borrow().as_ref() {
            process.send(&ToWorker::Forget { kernel: kernel.to_owned() });
        }
    }

    /// End the worker, whatever it is doing.
    pub(crate) fn stop(&self) {
        // The child is killed when its handle is dropped.
        self.supervisor.abort();
    }
}

impl Process {
    /// Ask the worker to stop a run.
    pub(crate) fn cancel(&self, run: &str) {
        self.send(&ToWorker::Cancel { run: run.to_owned() });
    }

    /// Nothing else stops it any more: end the process. Everything that runs in it is lost.
    pub(crate) fn kill(&self) {
        self.kill.notify_one();
    }

    fn send(&self, message: &ToWorker) {
        if let Ok(frame) = Frame::new(message, Bytes::new()) {
            let _ = self.frames.send(frame);
        }
    }

    fn listen(&self, run: &str) -> Option<Messages> {
        let (sender, receiver) = mpsc::unbounded_channel();
        self.runs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_mut()?
            .insert(run.to_owned(), sender);
        Some(receiver)
    }

    fn deliver(&self, message: FromWorker, attachment: Bytes) {
        let (run, last) = match &message {
            FromWorker::Ready { .. } => return,
            FromWorker::Event { run, .. } | FromWorker::Stopped { run } => (run.clone(), false),
            FromWorker::Ended { run, .. } | FromWorker::Missing { run } | FromWorker::Unreadable { run, .. } => (run.clone(), true),
        };
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(runs) = runs.as_mut() else { return };
        let listener = if last { runs.remove(&run) } else { runs.get(&run).cloned() };
        if let Some(listener) = listener {
            let _ = listener.send((message, attachment));
        }
    }

    fn hang_up(&self) {
        *self.runs.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// A process and what is needed to wait for its end.
struct Running {
    child: Child,
    output: BufReader<tokio::process::ChildStdout>,
    process: Arc<Process>,
    /// Ends, with the last line, when the worker has closed its stderr.
    last_words: JoinHandle<String>,
    began: Instant,
}

impl Running {
    fn spawn(program: &Program) -> Result<Self, StartError> {
        let failed = |cause| StartError::Spawn {
            program: program.worker.clone(),
            cause,
        };
        let mut child = Command::new(&program.worker)
            .arg("--image")
            .arg(&program.image)
            .args(["--kernels", &program.kernels.to_string(), "--running", &program.running.to_string()])
            // Nothing of the node's surroundings reaches the process that runs users' code.
            .env_clear()
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
        let (frames, queue) = mpsc::unbounded_channel();
        tokio::spawn(frames::write(input, queue));
        let last_words = tokio::spawn(pass_on(errors));
        let process = Arc::new(Process {
            frames,
            runs: Mutex::new(Some(HashMap::new())),
            kill: Notify::new(),
        });
        Ok(Self {
            child,
            output: BufReader::with_capacity(64 << 10, output),
            process,
            last_words,
            began: Instant::now(),
        })
    }

    /// Waits for the worker's first message.
    async fn begin(&mut self) -> Result<(), StartError> {
        let refused = |reason: String| StartError::Worker { reason };
        match timeout(START_PATIENCE, frames::read(&mut self.output)).await {
            Ok(Ok(Some((FromWorker::Ready { version: VERSION, image, .. }, _)))) => {
                log::info(
                    "the worker is ready",
                    json!({ "pid": self.child.id(), "image": image, "ms": self.began.elapsed().as_millis() }),
                );
                Ok(())
            }
            Ok(Ok(Some((FromWorker::Ready { version, .. }, _)))) => Err(refused(format!(
                "it speaks version {version} of the worker protocol and this node speaks {VERSION}: build both from the same sources"
            ))),
            Ok(Ok(Some(_))) => Err(refused("it did not say that it is ready".to_owned())),
            Ok(Ok(None)) => {
                let status = self
                    .child
                    .wait()
                    .await
                    .map_or_else(|error| error.to_string(), |status| status.to_string());
                let words = (&mut self.last_words).await.unwrap_or_default();
                Err(refused(if words.is_empty() { status } else { words }))
            }
            Ok(Err(error)) => Err(refused(error.to_string())),
            Err(_) => Err(refused(format!("it was not ready after {} s", START_PATIENCE.as_secs()))),
        }
    }

    /// Carries messages until the process ends or has to be ended.
    async fn serve(mut self) -> Option<ExitStatus> {
        loop {
            let message = tokio::select! {
                message = frames::read(&mut self.output) => message,
                () = self.process.kill.notified() => break,
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
        let status = self.child.wait().await.ok();
        self.process.hang_up();
        status
    }
}

async fn supervise(program: Program, mut running: Running, announce: watch::Sender<Option<Arc<Process>>>) {
    loop {
        let began = running.began;
        let status = running.serve().await;
        announce.send_replace(None);
        log::warn(
            "the worker ended; its runs are lost, another one starts",
            json!({ "status": status.map(|status| status.to_string()) }),
        );
        if began.elapsed() < SHORT_LIFE {
            sleep(SHORT_LIFE).await;
        }
        running = loop {
            let next = async {
                let mut next = Running::spawn(&program)?;
                next.begin().await.map(|()| next)
            };
            match next.await {
                Ok(next) => break next,
                Err(error) => {
                    log::warn("no worker; trying again in a second", json!({ "error": error.to_string() }));
                    sleep(SHORT_LIFE).await;
                }
            }
        };
        announce.send_replace(Some(running.process.clone()));
    }
}

/// The worker's log lines go to the node's log; the last one explains an early end.
async fn pass_on(errors: impl AsyncRead + Unpin) -> String {
    let mut last = String::new();
    let mut lines = BufReader::new(errors).lines();
    while let Ok(Some(mut line)) = lines.next_line().await {
        line.truncate(line.floor_char_boundary(LINE_BYTES_MAX));
        last = match serde_json::from_str(&line) {
            Ok(Value::Object(fields)) => fields.get("message").and_then(Value::as_str).unwrap_or_default().to_owned(),
            _ => line,
        };
        log::warn("the worker says", json!({ "line": last }));
    }
    last
}
