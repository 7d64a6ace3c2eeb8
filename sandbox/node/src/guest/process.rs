//! One worker process: started, talked to, waited for.

use std::collections::HashMap;
use std::process::{ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use selvedge_protocol::ask::{Ask, AskReply};
use selvedge_protocol::hardening::{Layer, LayerState};
use selvedge_protocol::worker::{FromWorker, ToWorker, VERSION};
use serde_json::json;
use tokio::io::BufReader;
use tokio::process::{Child, Command};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use super::Program;
use super::cgroup::{self, Group, Share};
use super::complaints;
use super::homes::Homes;
use super::questions::Questions;
use crate::error::StartError;
use crate::frames::{self, Frame};
use crate::log;

/// How long opening the image may take.
const START_PATIENCE: Duration = Duration::from_secs(30);

/// What a run hears from the worker. The end of the channel without a last message: the worker died.
pub(crate) type Messages = mpsc::UnboundedReceiver<(FromWorker, Bytes)>;

/// Who hears what is said about a run, and in which kernel it is.
#[derive(Debug)]
struct Listener {
    ear: mpsc::UnboundedSender<(FromWorker, Bytes)>,
    kernel: Option<String>,
}

/// One worker process.
#[derive(Debug)]
pub(crate) struct Process {
    frames: mpsc::UnboundedSender<Frame>,
    /// None once it takes no more runs: it is gone, or goes when those that it has are over.
    runs: Mutex<Runs>,
    done: AtomicU64,
    kill: Notify,
    homes: Homes,
    questions: Questions,
}

#[derive(Debug, Default)]
struct Runs {
    listeners: HashMap<String, Listener>,
    /// Takes no more.
    closed: bool,
}

impl Process {
    /// Send a run; none when this process takes no more. When it dies, the channel ends.
    pub(super) fn send_run(&self, run: &str, kernel: Option<String>, frame: &Frame) -> Option<Messages> {
        let (ear, messages) = mpsc::unbounded_channel();
        let mut runs = self.runs();
        if runs.closed {
            return None;
        }
        runs.listeners.insert(run.to_owned(), Listener { ear, kernel });
        drop(runs);
        let _ = self.frames.send(frame.clone());
        Some(messages)
    }

    /// Ask the worker to stop a run.
    pub(crate) fn cancel(&self, run: &str) {
        self.send(&ToWorker::Cancel { run: run.to_owned() });
    }

    /// Give a line to a run that asks for one.
    pub(crate) fn input(&self, run: &str, text: String) {
        self.send(&ToWorker::Input { run: run.to_owned(), text });
    }

    /// So many events of a run have reached the edge.
    pub(crate) fn taken(&self, run: &str, events: u64) {
        self.send(&ToWorker::Taken {
            run: run.to_owned(),
            events,
        });
    }

    /// Put a question; the channel ends without an answer when the process does. None: it is gone already.
    pub(super) fn ask(&self, mut question: Ask, checkpoint: Bytes) -> Option<oneshot::Receiver<AskReply>> {
        let (ask, reply) = self.questions.open()?;
        question.ask = ask;
        let frame = Frame::new(&ToWorker::Ask(question), checkpoint).ok()?;
        let _ = self.frames.send(frame);
        Some(reply)
    }

    /// Drop a kernel's live instance.
    pub(super) fn forget(&self, kernel: &str) {
        self.send(&ToWorker::Forget { kernel: kernel.to_owned() });
    }

    /// Nothing else stops it any more: end the process. Everything that runs in it is lost.
    pub(crate) fn kill(&self) {
        self.kill.notify_one();
    }

    /// Take no more runs, and end when those that there are have ended and what was asked is answered.
    pub(super) fn retire(&self) {
        let mut runs = self.runs();
        runs.closed = true;
        self.end_when_done(&runs);
    }

    fn end_when_done(&self, runs: &Runs) {
        if runs.closed && runs.listeners.is_empty() && self.questions.is_empty() {
            self.kill();
        }
    }

    /// Runs in it now.
    pub(super) fn running(&self) -> usize {
        self.runs().listeners.len()
    }

    /// Runs that have ended in it.
    pub(super) fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    fn send(&self, message: &ToWorker) {
        if let Ok(frame) = Frame::new(message, Bytes::new()) {
            let _ = self.frames.send(frame);
        }
    }

    fn deliver(self: &Arc<Self>, message: FromWorker, attachment: Bytes) {
        let (run, last) = match &message {
            FromWorker::Ready { .. } => return,
            FromWorker::Answered { ask, reply } => {
                self.questions.answered(ask, reply);
                return self.end_when_done(&self.runs());
            }
            FromWorker::Event { run, .. } | FromWorker::Stopped { run } => (run.clone(), false),
            FromWorker::Ended { run, .. } | FromWorker::Missing { run } | FromWorker::Unreadable { run, .. } => (run.clone(), true),
        };
        let mut runs = self.runs();
        if !last {
            if let Some(listener) = runs.listeners.get(&run) {
                let _ = listener.ear.send((message, attachment));
            }
            return;
        }
        let Some(listener) = runs.listeners.remove(&run) else { return };
        self.done.fetch_add(1, Ordering::Relaxed);
        self.end_when_done(&runs);
        drop(runs);
        if let Some(kernel) = &listener.kernel {
            if matches!(message, FromWorker::Ended { kept: true, .. }) {
                self.homes.lives_in(kernel, self);
            } else {
                self.homes.sleeps(kernel);
            }
        }
        let _ = listener.ear.send((message, attachment));
    }

    fn hang_up(&self) {
        let mut runs = self.runs();
        runs.closed = true;
        runs.listeners.clear();
        drop(runs);
        self.questions.hang_up();
    }

    fn runs(&self) -> MutexGuard<'_, Runs> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

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
        let mut running = Self::spawn(program, share, homes)?;
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

    fn spawn(program: &Program, share: Share, homes: &Homes) -> Result<Self, StartError> {
        let failed = |cause| StartError::Spawn {
            program: program.worker.clone(),
            cause,
        };
        let (worker, image) = (std::path::absolute(&program.worker), std::path::absolute(&program.image));
        let mut child = Command::new(worker.map_err(failed)?)
            .arg("--image")
            .arg(image.map_err(failed)?)
            .args(["--kernels", &program.kernels.to_string(), "--running", &program.running.to_string()])
            // Nothing of the node's surroundings reaches the process that runs users' code. It closes descriptors itself.
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
        let process = Arc::new(Process {
            frames,
            runs: Mutex::default(),
            done: AtomicU64::new(0),
            kill: Notify::new(),
            homes: homes.clone(),
            questions: Questions::default(),
        });
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

    /// Carries messages until the process ends or has to be ended; tells how it ended.
    pub(super) async fn serve(mut self) -> String {
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
