//! One run in the worker: from sending it until its last message.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use selvedge_checkpoint::Delta;
use selvedge_protocol::worker::{FromWorker, RunCell};
use selvedge_protocol::{EventKind, Outcome};
use serde_json::json;
use tokio::time::{Instant, sleep_until};

use crate::allowance::Allowance;
use crate::aside::Aside;
use crate::events::Events;
use crate::guest::{Guest, Messages, Process};
use crate::log;
use crate::stop::{Stop, Stopped};

/// How long waking a kernel may take.
const WAKE_PATIENCE: Duration = Duration::from_secs(30);
/// How far past its wall-time limit, or past a cancellation, a run may go before its process is ended: so that it is gone within a second.
const OVERRUN: Duration = Duration::from_millis(800);
/// How long taking a checkpoint may take.
const KEEP_PATIENCE: Duration = Duration::from_secs(60);

/// What became of an attempt.
#[derive(Debug)]
pub(crate) enum Attempt {
    /// It ran. With what the kernel is now, when it lives on.
    Ended(Outcome, Option<Left>),
    /// The kernel is asleep: wake it with its checkpoint.
    Missing,
    /// The checkpoint is of no use, and why.
    Unreadable(String),
    /// The checkpoint cannot be fetched now, and why.
    Away(String),
    /// The worker died under it.
    Died,
    /// It did not stop at its wall-time limit, and the worker was ended.
    Overran(Duration),
    /// It was cancelled before it began, or did not stop when it was cancelled and the worker was ended.
    Cancelled(Duration),
    /// The node is going down.
    Abandoned,
}

/// What a cell left behind.
#[derive(Debug)]
pub(crate) struct Left {
    /// The number of the checkpoint that this differs from; none when it holds everything.
    pub(crate) after: Option<u64>,
    /// The object to keep.
    pub(crate) object: Bytes,
}

/// Where an attempt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Waking,
    Running,
    Cancelled,
    Keeping,
}

/// Send a run to the worker and see it through.
pub(crate) async fn attempt(
    guest: &Guest,
    cell: RunCell,
    checkpoint: Bytes,
    events: &Events,
    aside: &mut Aside<'_>,
    stopped: &mut Stopped,
) -> Attempt {
    let run = cell.run.clone();
    let wall = Duration::from_millis(cell.limits.wall_ms);
    let allowance = Allowance::of(&cell.limits);
    if let Some(wish) = stopped.now() {
        return Attempt::unbegun(wish);
    }
    let sent = tokio::select! {
        sent = guest.run(cell, checkpoint) => sent,
        wish = stopped.next() => return Attempt::unbegun(wish),
    };
    let Some((process, messages)) = sent else { return Attempt::Died };
    let watch = Watch {
        process,
        messages,
        phase: Phase::Waking,
        began: Instant::now(),
        deadline: Instant::now() + WAKE_PATIENCE,
        allowance,
        aside,
    };
    watch.see_through(&run, wall, events, stopped).await
}

impl Attempt {
    /// Somebody wished that before it began.
    pub(crate) fn unbegun(wish: Stop) -> Self {
        match wish {
            Stop::Cancelled => Self::Cancelled(Duration::ZERO),
            Stop::NodeStops => Self::Abandoned,
        }
    }
}

impl Left {
    /// Whether it can be what the next checkpoint holds. It comes from where strangers' code runs, and it would be what the kernel is.
    fn is_sound(&self) -> bool {
        Delta::decode(&self.object).is_ok_and(|delta| (delta.depth == 0) == self.after.is_none())
    }
}

struct Watch<'a, 'r> {
    process: Arc<Process>,
    messages: Messages,
    phase: Phase,
    began: Instant,
    deadline: Instant,
    allowance: Allowance,
    aside: &'a mut Aside<'r>,
}

impl Watch<'_, '_> {
    async fn see_through(mut self, run: &str, wall: Duration, events: &Events, stopped: &mut Stopped) -> Attempt {
        loop {
            let message = tokio::select! {
                message = self.messages.recv() => message,
                wish = stopped.next() => match wish {
                    Stop::NodeStops => return Attempt::Abandoned,
                    Stop::Cancelled => {
                        self.cancel(run);
                        continue;
                    }
                },
                heard = events.dialogue.more_heard() => {
                    self.process.taken(run, heard);
                    continue;
                }
                answer = self.aside.answer(&events.dialogue), if self.phase == Phase::Running => {
                    // It has not been its time.
                    self.began += answer.waited;
                    self.deadline += answer.waited;
                    self.process.input(run, answer);
                    continue;
                }
                () = sleep_until(self.deadline), if !self.stands_still() => return self.end_process(),
            };
            match message {
                Some((FromWorker::Event { kind, at, data, .. }, _)) => {
                    match kind {
                        EventKind::Started => self.begin(wall),
                        EventKind::Input if events.dialogue.is_interactive() => self.aside.ask(),
                        _ => {}
                    }
                    if !self.allowance.take(events.push(kind, at, data)) {
                        log::warn(
                            "a run says more than it can have to say; its worker is ended",
                            json!({ "run": run }),
                        );
                        self.process.kill();
                        return Attempt::Died;
                    }
                }
                // Said again, it changes nothing: a worker could live for ever on it.
                Some((FromWorker::Stopped { .. }, _)) if self.phase != Phase::Keeping => {
                    self.phase = Phase::Keeping;
                    self.deadline = Instant::now() + KEEP_PATIENCE;
                }
                Some((FromWorker::Stopped { .. }, _)) => {}
                Some((FromWorker::Ended { outcome, kept, after, .. }, object)) => {
                    let left = kept.then_some(Left { after, object });
                    if left.as_ref().is_none_or(Left::is_sound) {
                        return Attempt::Ended(outcome, left);
                    }
                    log::warn(
                        "what a run left behind is no checkpoint; its worker is ended",
                        json!({ "run": run }),
                    );
                    self.process.kill();
                    return Attempt::Died;
                }
                Some((FromWorker::Missing { .. }, _)) => return Attempt::Missing,
                Some((FromWorker::Unreadable { message, .. }, _)) => return Attempt::Unreadable(message),
                Some((FromWorker::Ready { .. } | FromWorker::Answered { .. }, _)) | None => return Attempt::Died,
            }
        }
    }

    fn begin(&mut self, wall: Duration) {
        self.began = Instant::now();
        if self.phase == Phase::Waking {
            self.phase = Phase::Running;
            self.deadline = self.began + wall + OVERRUN;
        }
    }

    /// Does its time stand still, because it waits for its person?
    fn stands_still(&self) -> bool {
        self.phase == Phase::Running && self.aside.waits()
    }

    fn cancel(&mut self, run: &str) {
        // A cell that has ended cannot be stopped any more; its memory is being kept.
        if self.phase != Phase::Keeping {
            self.process.cancel(run);
            self.phase = Phase::Cancelled;
            self.deadline = Instant::now() + OVERRUN;
        }
    }

    fn end_process(self) -> Attempt {
        self.process.kill();
        match self.phase {
            Phase::Running => Attempt::Overran(self.began.elapsed()),
            Phase::Cancelled => Attempt::Cancelled(self.began.elapsed()),
            Phase::Waking | Phase::Keeping => Attempt::Died,
        }
    }
}
