//! The local node: started, watched, started again when it dies, ended with the host.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};
use selvedge_node::StoreOptions;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use crate::log;
use crate::stopping::NODE_WITHIN;

/// What the node prints when it serves; its origin follows.
const READY: &str = "selvedge-node ready at ";
/// How long it may take to get there.
const READY_WITHIN: Duration = Duration::from_secs(20);
/// First and longest pause before it is started again.
const PAUSE_MIN: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(5);
/// A node that lived this long had a good start: the next pause is the first one again.
const GOOD_LIFE: Duration = Duration::from_secs(30);
/// How long its last words may take.
const COMPLAINT_WITHIN: Duration = Duration::from_millis(200);

/// How to start it.
#[derive(Clone, Debug)]
pub(crate) struct Start {
    /// This program.
    pub(crate) program: PathBuf,
    /// Origin under which the node reaches the edge.
    pub(crate) edge: String,
    /// Its folder.
    pub(crate) data: PathBuf,
    /// Where it keeps the memory of kernels. Credentials are in the environment, which it inherits, or in a file that this names.
    pub(crate) store: StoreOptions,
    /// The folder of the guest images.
    pub(crate) image: PathBuf,
    /// The program that runs guests.
    pub(crate) worker: PathBuf,
}

/// The supervised node.
pub(crate) struct Local {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Local {
    /// Start it. `address` gets its origin each time it serves; the receiver learns how the first start went.
    pub(crate) fn start(start: Start, address: watch::Sender<Option<Arc<str>>>) -> Result<(Self, oneshot::Receiver<Result<(), String>>)> {
        let (stop, stopped) = oneshot::channel();
        let (first, first_start) = oneshot::channel();
        // A thread of its own for as long as the host lives: the kernel ends the child when the thread that started it ends.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("cannot start a runtime for the node")?;
        let thread = thread::Builder::new()
            .name("node".to_owned())
            .spawn(move || runtime.block_on(supervise(&start, &address, first, stopped)))
            .context("cannot start a thread for the node")?;
        Ok((
            Self {
                stop: Some(stop),
                thread: Some(thread),
            },
            first_start,
        ))
    }

    /// End it; blocks for [`NODE_WITHIN`] at most.
    pub(crate) fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It panicked: then its child ends with this process.
            let _ = thread.join();
        }
    }
}

async fn supervise(
    start: &Start,
    address: &watch::Sender<Option<Arc<str>>>,
    first: oneshot::Sender<Result<(), String>>,
    mut stopped: oneshot::Receiver<()>,
) {
    let mut first = Some(first);
    let mut pause = PAUSE_MIN;
    loop {
        let began = Instant::now();
        let mut child = match spawn(start) {
            Ok(child) => child,
            Err(error) => {
                if !report(&mut first, Err(format!("the local node cannot be started: {error}"))) {
                    log::event("node.not_started", &[("error", &error.to_string())]);
                }
                if wait(&mut stopped, pause).await {
                    return;
                }
                pause = (pause * 2).min(PAUSE_MAX);
                continue;
            }
        };
        let mut complaint = complaints(&mut child);
        let served = tokio::select! {
            ready = tokio::time::timeout(READY_WITHIN, ready(&mut child)) => ready.ok().flatten(),
            _ = &mut stopped => return end(&mut child).await,
        };
        let had_served = served.is_some();
        // Kept open: a node that writes to a closed pipe would fail.
        let _output = match served {
            Some((url, output)) => {
                log::event("node.ready", &[("url", &url)]);
                address.send_replace(Some(Arc::from(url)));
                report(&mut first, Ok(()));
                Some(output)
            }
            None => {
                // It has ended, or it hangs: then it is of no use.
                let _ = child.start_kill();
                None
            }
        };
        let ended = tokio::select! {
            ended = child.wait() => ended.map_or_else(|error| error.to_string(), |status| status.to_string()),
            _ = &mut stopped => return end(&mut child).await,
        };
        address.send_replace(None);
        if had_served {
            log::event("node.ended", &[("status", &ended)]);
        } else {
            let why = complaint.last().await.unwrap_or(ended);
            if !report(&mut first, Err(format!("the local node did not start: {why}"))) {
                log::event("node.not_started", &[("error", &why)]);
            }
        }
        if began.elapsed() >= GOOD_LIFE {
            pause = PAUSE_MIN;
        }
        if wait(&mut stopped, pause).await {
            return;
        }
        pause = (pause * 2).min(PAUSE_MAX);
    }
}

fn spawn(start: &Start) -> std::io::Result<Child> {
    Command::new(&start.program)
        .args(["node", "--listen", "127.0.0.1:0", "--edge", &start.edge])
        .arg("--with-parent")
        .arg(std::process::id().to_string())
        .arg("--data")
        .arg(&start.data)
        .arg("--image")
        .arg(&start.image)
        .arg("--worker")
        .arg(&start.worker)
        .args(start.store.arguments())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        // Ctrl-C in a terminal reaches the whole group; the host alone decides when the node ends.
        .process_group(0)
        .spawn()
}

/// The origin that the node prints, and the rest of its output.
async fn ready(child: &mut Child) -> Option<(String, Lines<BufReader<ChildStdout>>)> {
    let mut lines = BufReader::new(child.stdout.take()?).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some(url) = line.strip_prefix(READY) {
            return Some((url.trim().to_owned(), lines));
        }
    }
    None
}

/// What the node says on standard error: log lines are passed on, of everything else the last line is kept. It says why the node ended.
struct Complaints(Option<JoinHandle<Option<String>>>);

fn complaints(child: &mut Child) -> Complaints {
    Complaints(child.stderr.take().map(|output| {
        tokio::spawn(async move {
            let mut lines = BufReader::new(output).lines();
            let mut last = None;
            while let Ok(Some(line)) = lines.next_line().await {
                if line.starts_with('{') {
                    log::line(&line);
                } else if !line.trim().is_empty() {
                    last = Some(line.trim_start_matches("selvedge: ").to_owned());
                }
            }
            last
        })
    }))
}

impl Complaints {
    /// The last line, once the node has ended. Guests' processes may hold the pipe for a moment longer.
    async fn last(&mut self) -> Option<String> {
        tokio::time::timeout(COMPLAINT_WITHIN, self.0.take()?).await.ok()?.ok()?
    }
}

/// Tell how the first start went; false when it is not the first any more.
fn report(first: &mut Option<oneshot::Sender<Result<(), String>>>, how: Result<(), String>) -> bool {
    first.take().is_some_and(|first| first.send(how).is_ok())
}

/// True when the host ends meanwhile.
async fn wait(stopped: &mut oneshot::Receiver<()>, pause: Duration) -> bool {
    tokio::select! {
        () = tokio::time::sleep(pause) => false,
        _ = stopped => true,
    }
}

async fn end(child: &mut Child) {
    if let Some(pid) = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw) {
        // It may have ended by itself.
        let _ = kill_process(pid, Signal::TERM);
    }
    if tokio::time::timeout(NODE_WITHIN, child.wait()).await.is_err() {
        let _ = child.kill().await;
    }
}
