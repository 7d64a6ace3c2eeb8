//! One run on this node: its turn, its attempts, its kernel's memory, its outcome.

use std::time::{Duration, Instant};

use bytes::Bytes;
use selvedge_checkpoint::StoreError;
use selvedge_protocol::worker::{KernelMemory, KernelStart, RunCell};
use selvedge_protocol::{EventKind, Order, Outcome, RunFailure, Status};
use serde_json::json;
use tokio::sync::Semaphore;

use crate::aside::{Aside, Room};
use crate::attempt::{Attempt, Left, attempt};
use crate::events::Events;
use crate::fair::{Queued, Who};
use crate::guest::{Guests, Seat};
use crate::kernels::{Kernels, Owned};
use crate::log;
use crate::metrics::{InHand, Metrics};
use crate::stop::{Stop, Stopped};
use crate::turn::Turn;

/// What runs are done with.
#[derive(Debug)]
pub(crate) struct Workshop {
    /// The workers.
    pub(crate) guests: Guests,
    /// Memory of sleeping kernels.
    pub(crate) kernels: Kernels,
    /// Where they wait for a place, or for their person.
    pub(crate) room: Room,
    /// One for each question that is being answered.
    pub(crate) asking: Semaphore,
    /// What an operator watches.
    pub(crate) metrics: Metrics,
}

/// Where a run stands in a row from the moment on in which it was accepted.
#[derive(Debug)]
pub(crate) struct Rows {
    /// In that of its kernel.
    pub(crate) turn: Option<Turn>,
    /// In that of its project; none when something else comes first, which must not keep a place from others.
    pub(crate) queued: Option<Queued>,
}

impl Workshop {
    /// See a run through; returns when everything that it leaves behind is in the store.
    pub(crate) async fn run(
        &self,
        order: Order,
        Rows { turn, queued }: Rows,
        mut in_hand: InHand,
        events: &Events,
        stopped: &mut Stopped,
    ) -> Outcome {
        let Some(_turn) = come(turn, stopped).await else {
            return self.unbegun(events, stopped.now());
        };
        let seat = tokio::select! {
            seat = self.guests.seat(&order) => seat,
            wish = stopped.next() => return self.unbegun(events, Some(wish)),
        };
        let Some(seat) = seat else { return died(events) };
        let queued = queued.unwrap_or_else(|| self.room.places.queue(&order.project, Who::of(&order)));
        let place = tokio::select! {
            place = queued.come() => place,
            wish = stopped.next() => return self.unbegun(events, Some(wish)),
        };
        in_hand.begin();
        let mut aside = self.room.run(order.project.clone(), Who::of(&order), place);
        let owned = order.kernel.as_deref().and_then(|kernel| Owned::new(kernel, &order.seal));
        let attempt = self.attempts(order, owned.as_ref(), &seat, events, &mut aside, stopped).await;
        match (attempt, owned) {
            (Attempt::Ended(outcome, Some(left)), Some(owned)) => self.keep(&owned, left, outcome, events).await,
            (Attempt::Unreadable(reason), Some(owned)) => self.set_aside(&owned, &reason, events).await,
            (attempt, _) => self.ended(attempt, events),
        }
    }

    /// The end of an attempt that left nothing behind.
    fn ended(&self, attempt: Attempt, events: &Events) -> Outcome {
        match attempt {
            Attempt::Ended(outcome, _) => outcome,
            Attempt::Overran(after) => failed(
                events,
                Status::TimedOut,
                after,
                "WallLimit",
                "The program did not stop at its time limit, so its process was ended. Variables are as they were before this run.",
            ),
            Attempt::Cancelled(after) => ended(Status::Cancelled, after, None),
            Attempt::Away(reason) => {
                log::warn("a kernel's memory cannot be fetched", json!({ "error": reason }));
                events.push(EventKind::Started, log::now_ms(), json!({}));
                failed(
                    events,
                    Status::Failed,
                    Duration::ZERO,
                    "KernelUnavailable",
                    "The kernel's memory could not be fetched from where it is kept. Nothing ran, and variables are as they were. Run it again in a moment.",
                )
            }
            Attempt::Abandoned => self.unbegun(events, Some(Stop::NodeStops)),
            Attempt::Missing | Attempt::Died | Attempt::Unreadable(_) => died(events),
        }
    }

    /// Try the live kernel first; when it is asleep, wake it from its checkpoint.
    async fn attempts(
        &self,
        order: Order,
        owned: Option<&Owned>,
        seat: &Seat,
        events: &Events,
        aside: &mut Aside<'_>,
        stopped: &mut Stopped,
    ) -> Attempt {
        let start = match owned {
            None => None,
            Some(owned) => match looked_up(self.kernels.newest(owned), stopped).await {
                Ok(Some(newest)) => Some((KernelMemory::Alive, newest)),
                Ok(None) => Some((KernelMemory::Empty, 0)),
                Err(attempt) => return attempt,
            },
        };
        let mut cell = RunCell {
            run: order.run,
            kernel: order
                .kernel
                .zip(start)
                .map(|(id, (memory, newest))| KernelStart { id, memory, newest }),
            language: order.language,
            environment: order.environment,
            label: order.label,
            code: order.code,
            stdin: order.stdin,
            interactive: order.interactive,
            task: order.task,
            limits: order.limits,
        };
        let first = attempt(seat.guest(), cell.clone(), Bytes::new(), events, aside, stopped).await;
        let (Attempt::Missing, Some(kernel), Some(owned)) = (&first, &mut cell.kernel, owned) else {
            return first;
        };
        match looked_up(self.kernels.load(owned, kernel.newest), stopped).await {
            Ok(objects) => {
                kernel.memory = KernelMemory::Attached;
                self.metrics.woke();
                attempt(seat.guest(), cell, objects, events, aside, stopped).await
            }
            Err(attempt) => attempt,
        }
    }

    /// What the cell did counts only once its memory is in the store; otherwise the kernel goes back to what is.
    async fn keep(&self, owned: &Owned, left: Left, outcome: Outcome, events: &Events) -> Outcome {
        let (bytes, began) = (left.object.len(), Instant::now());
        let reason = match self.kernels.keep(owned, left.after, left.object).await {
            Ok(number) => {
                self.metrics.stored(bytes, began.elapsed());
                self.guests.kept(&owned.kernel.to_string(), number);
                events.kept(number);
                return outcome;
            }
            Err(reason) => reason,
        };
        let kernel = owned.kernel.to_string();
        log::warn(
            "a kernel's memory could not be kept",
            json!({ "kernel": kernel, "error": reason.to_string() }),
        );
        self.guests.forget(&kernel);
        let message = match reason {
            StoreError::NotNewest => {
                "The cell ran, but another node kept a newer state of this kernel meanwhile, so what it did was dropped. Variables are as that one left them. Run it again."
            }
            StoreError::Unclear(_) => {
                "The cell ran, but the store did not answer, so it is not known whether the kernel's memory was kept. Look at your variables before you run it again."
            }
            _ => {
                "The cell ran, but the kernel's memory could not be kept. Variables are as they were before this run. Run it again in a moment; when it stays so, the node's operator has to look at its store."
            }
        };
        let failure = failed(events, Status::Failed, Duration::ZERO, "KernelNotKept", message);
        Outcome {
            fuel: outcome.fuel,
            duration_ms: outcome.duration_ms,
            truncated: outcome.truncated,
            ..failure
        }
    }

    async fn set_aside(&self, owned: &Owned, reason: &str, events: &Events) -> Outcome {
        let kernel = owned.kernel.to_string();
        log::warn("a kernel's memory cannot be read", json!({ "kernel": kernel, "error": reason }));
        let message = match self.kernels.set_aside(owned).await {
            Ok(()) => format!(
                "The kernel's memory could not be read ({reason}). Nothing ran. It was kept aside at the node; the kernel starts empty on the next run: run its cells from the top, or go back to an earlier checkpoint."
            ),
            Err(error) => {
                log::warn(
                    "a checkpoint could not be kept aside",
                    json!({ "kernel": kernel, "error": error.to_string() }),
                );
                format!(
                    "The kernel's memory could not be read ({reason}). Nothing ran. Try again; when it stays so, the node's operator has to look at its disk."
                )
            }
        };
        events.push(EventKind::Started, log::now_ms(), json!({}));
        failed(events, Status::Failed, Duration::ZERO, "KernelUnreadable", &message)
    }

    fn unbegun(&self, events: &Events, wish: Option<Stop>) -> Outcome {
        match wish {
            Some(Stop::NodeStops) => failed(
                events,
                Status::Lost,
                Duration::ZERO,
                "Crash",
                "The node was stopped before this run ended. Nothing was billed, and variables are as they were before it. Run it again.",
            ),
            Some(Stop::Cancelled) | None => ended(Status::Cancelled, Duration::ZERO, None),
        }
    }
}

/// What the store says, unless somebody wants the run to end before that.
async fn looked_up<T>(look: impl Future<Output = Result<T, StoreError>>, stopped: &mut Stopped) -> Result<T, Attempt> {
    tokio::select! {
        found = look => found.map_err(|error| match error {
            // What cannot be fetched is not lost.
            StoreError::Failed(error) => Attempt::Away(error.to_string()),
            error => Attempt::Unreadable(error.to_string()),
        }),
        wish = stopped.next() => Err(Attempt::unbegun(wish)),
    }
}

/// Waits for the run's turn; none when somebody wants it to end before that.
async fn come(turn: Option<Turn>, stopped: &mut Stopped) -> Option<Option<Turn>> {
    let Some(mut turn) = turn else { return Some(None) };
    let came = tokio::select! {
        () = turn.come() => true,
        _ = stopped.next() => false,
    };
    if came {
        return Some(Some(turn));
    }
    turn.give_up();
    None
}

fn died(events: &Events) -> Outcome {
    failed(
        events,
        Status::Lost,
        Duration::ZERO,
        "Crash",
        "The guest process died under this run. Nothing was billed, and variables are as they were before it. Run it again.",
    )
}

/// What the edge is told about a run that an earlier process of this node left behind.
pub(crate) fn left_behind() -> Outcome {
    let message = "The node restarted under this run. Nothing was billed, and variables are as they were before it. Run it again.";
    ended(Status::Lost, Duration::ZERO, Some(failure("Crash", message)))
}

fn failed(events: &Events, status: Status, after: Duration, kind: &str, message: &str) -> Outcome {
    let error = failure(kind, message);
    events.push(EventKind::Error, log::now_ms(), json!(error));
    ended(status, after, Some(error))
}

fn failure(kind: &str, message: &str) -> RunFailure {
    RunFailure {
        kind: kind.to_owned(),
        message: message.to_owned(),
        traceback: String::new(),
    }
}

fn ended(status: Status, after: Duration, error: Option<RunFailure>) -> Outcome {
    Outcome {
        status,
        fuel: 0,
        duration_ms: u64::try_from(after.as_millis()).unwrap_or(u64::MAX),
        error,
        truncated: false,
        receipt: None,
    }
}
