//! One worker, whichever process that is at the moment: started again when it dies, replaced when it has done its time.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use selvedge_protocol::ask::{Ask, AskReply};
use selvedge_protocol::hardening::Layer;
use selvedge_protocol::worker::{FromWorker, KernelMemory, KernelStart, RunCell, ToWorker};
use serde_json::json;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep};

use super::cgroup::Share;
use super::homes::Homes;
use super::pause::Pause;
use super::running::Running;
use super::wear::{self, Wear};
use super::{Messages, Process, Program};
use crate::error::StartError;
use crate::frames::Frame;
use crate::log;
use crate::metrics::Metrics;

/// How often a worker's age and size are looked at.
const LOOK: Duration = Duration::from_secs(1);

/// One worker.
#[derive(Debug)]
pub(crate) struct Guest {
    process: watch::Receiver<Option<Arc<Process>>>,
    layers: Arc<Mutex<Vec<Layer>>>,
    homes: Homes,
    /// Its processes end when this says so, or is gone.
    ending: watch::Sender<bool>,
}

/// How a worker is started, again and again.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    /// The program.
    pub(super) program: Program,
    /// For the log.
    pub(super) cordon: &'static str,
    /// Of the machine.
    pub(super) share: Share,
    /// Where kernels are alive.
    pub(super) homes: Homes,
    /// Workers that died are counted.
    pub(super) metrics: Metrics,
}

impl Recipe {
    async fn start(&self) -> Result<Running, StartError> {
        Running::start(&self.program, self.cordon, self.share, &self.homes).await
    }
}

impl Guest {
    /// Start the worker and wait until it has opened the image.
    pub(super) async fn start(recipe: Recipe) -> Result<Self, StartError> {
        let first = recipe.start().await?;
        let (announce, process) = watch::channel(Some(first.process.clone()));
        let layers = Arc::new(Mutex::new(first.layers.clone()));
        let homes = recipe.homes.clone();
        let (ending, ended) = watch::channel(false);
        tokio::spawn(supervise(recipe, first, announce, layers.clone(), ended));
        Ok(Self {
            process,
            layers,
            homes,
            ending,
        })
    }

    /// Is there a process that takes runs?
    pub(super) fn is_ready(&self) -> bool {
        self.process.borrow().is_some()
    }

    /// Runs in it now.
    pub(super) fn running(&self) -> usize {
        self.process.borrow().as_ref().map_or(0, |process| process.running())
    }

    /// The wall of its newest process.
    pub(super) fn layers(&self) -> Vec<Layer> {
        self.layers.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// End the worker, whatever it is doing.
    pub(super) fn end(&self) {
        self.ending.send_replace(true);
    }

    /// Waits until the system is done with the processes of a worker that was ended.
    pub(super) async fn ended(&self) {
        // Whoever announces them waits for them.
        let mut process = self.process.clone();
        while process.changed().await.is_ok() {}
    }

    /// Send a run to the worker; waits for one when it is just being replaced. A kernel whose newest state is not alive in this process is
    /// missing here, whatever older state of it is.
    pub(crate) async fn run(&self, cell: RunCell, checkpoint: Bytes) -> Option<(Arc<Process>, Messages)> {
        let mut process = self.process.clone();
        let run = cell.run.clone();
        let kernel = cell.kernel.as_ref().map(|kernel| kernel.id.clone());
        let alive = cell.kernel.clone().filter(|kernel| kernel.memory == KernelMemory::Alive);
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
            let elsewhere = |alive: &KernelStart| !self.homes.is_in(&alive.id, &current, alive.newest);
            if alive.as_ref().is_some_and(elsewhere) {
                return Some((current, missing(run)));
            }
            if let Some(messages) = current.send_run(&run, kernel.clone(), &frame) {
                return Some((current, messages));
            }
            // It has died or takes no more runs, and its successor is not announced yet.
            process.changed().await.ok()?;
        }
    }
}

impl Guest {
    /// Put a question about a kernel, whose newest checkpoint is `newest`, to the worker. None: it died over it.
    pub(crate) async fn ask(&self, question: Ask, newest: u64, checkpoint: Bytes) -> Option<AskReply> {
        let mut process = self.process.clone();
        loop {
            let current = process.wait_for(Option::is_some).await.ok()?.clone()?;
            if question.memory == KernelMemory::Alive && !self.homes.is_in(&question.kernel, &current, newest) {
                return Some(AskReply::Missing);
            }
            if let Some(reply) = current.ask(question.clone(), checkpoint.clone()) {
                return reply.await.ok();
            }
            process.changed().await.ok()?;
        }
    }
}

/// What a worker without the kernel would say.
fn missing(run: String) -> Messages {
    let (ear, messages) = mpsc::unbounded_channel();
    let _ = ear.send((FromWorker::Missing { run }, Bytes::new()));
    messages
}

async fn supervise(
    recipe: Recipe,
    first: Running,
    announce: watch::Sender<Option<Arc<Process>>>,
    layers: Arc<Mutex<Vec<Layer>>>,
    mut ended: watch::Receiver<bool>,
) {
    // The current process, and those that still end what they have begun.
    let mut processes = Processes {
        serving: JoinSet::new(),
        ended: ended.clone(),
    };
    tokio::select! {
        never = keep_one(&recipe, first, &announce, &layers, &mut processes) => match never {},
        _ = ended.wait_for(|ended| *ended) => {}
    }
    // Each has heard it too.
    while processes.serving.join_next().await.is_some() {}
}

/// Another process whenever the current one has died or done its time.
async fn keep_one(
    recipe: &Recipe,
    first: Running,
    announce: &watch::Sender<Option<Arc<Process>>>,
    layers: &Mutex<Vec<Layer>>,
    processes: &mut Processes,
) -> Infallible {
    let mut pause = Pause::default();
    let mut current = begin(first, processes);
    loop {
        tokio::select! {
            ended = processes.serving.join_next() => {
                let Some(Ok((process, how))) = ended else { continue };
                recipe.homes.forget_the_dead();
                if !Arc::ptr_eq(&process, &current.process) {
                    continue;
                }
                announce.send_replace(None);
                recipe.metrics.worker_lost();
                log::warn("the worker ended; its runs are lost, another one starts", json!({ "cordon": recipe.cordon, "how": how }));
                sleep(pause.after_death(current.began.elapsed())).await;
                let next = again(recipe, &mut pause).await;
                current = take_over(next, announce, layers, processes);
            }
            () = current.worn(recipe.program.wear) => match recipe.start().await {
                Ok(next) => {
                    log::info("the worker has done its time; another one takes over", json!({ "cordon": recipe.cordon, "runs": current.process.done() }));
                    let worn = current.process.clone();
                    current = take_over(next, announce, layers, processes);
                    worn.retire();
                }
                // It is tried again at the next look.
                Err(error) => log::warn("no other worker; this one goes on", json!({ "cordon": recipe.cordon, "error": error.to_string() })),
            },
        }
    }
}

/// The process that takes runs.
struct Current {
    process: Arc<Process>,
    pid: Option<u32>,
    began: Instant,
    wear: Wear,
    look: Interval,
}

impl Current {
    /// Waits until it has done its time.
    async fn worn(&mut self, limits: wear::Limits) {
        loop {
            self.look.tick().await;
            let size = self.pid.map_or(0, wear::size);
            if self.wear.is_worn(limits, self.process.done(), size) {
                return;
            }
        }
    }
}

struct Processes {
    /// How each ended.
    serving: JoinSet<(Arc<Process>, String)>,
    ended: watch::Receiver<bool>,
}

fn begin(running: Running, processes: &mut Processes) -> Current {
    let mut look = interval_at(Instant::now() + LOOK, LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let current = Current {
        process: running.process.clone(),
        pid: running.pid(),
        began: running.began,
        wear: Wear::default(),
        look,
    };
    let process = running.process.clone();
    let ended = processes.ended.clone();
    processes.serving.spawn(async move { (process, running.serve(ended).await) });
    current
}

fn take_over(
    next: Running,
    announce: &watch::Sender<Option<Arc<Process>>>,
    layers: &Mutex<Vec<Layer>>,
    processes: &mut Processes,
) -> Current {
    layers.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&next.layers);
    let current = begin(next, processes);
    announce.send_replace(Some(current.process.clone()));
    current
}

async fn again(recipe: &Recipe, pause: &mut Pause) -> Running {
    loop {
        match recipe.start().await {
            Ok(next) => return next,
            Err(error) => {
                let wait = pause.after_refusal();
                log::warn(
                    "no worker; trying again",
                    json!({ "cordon": recipe.cordon, "error": error.to_string(), "after_ms": wait.as_millis() }),
                );
                sleep(wait).await;
            }
        }
    }
}
