use crate::cancel::CancelToken;
use crate::cell::Sink;
use crate::host::lock;
use crate::output::Output;
use selvedge_protocol::EventKind;
use serde_json::Value;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::time::sleep_until;

/// How long a guest that was told to end may go on.
const GRACE: Duration = Duration::from_millis(500);

/// Why a guest was stopped from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    Deadline,
    Cancelled,
}

/// Polls `guest` to its end and moves its output to `sink` meanwhile; when it has to stop, `guest` is dropped where it stands: at `deadline`, or
/// [`GRACE`] after `cancel`, of which the guest is told elsewhere. While the guest waits for its person, who has been asked, its time stands still:
/// the deadline moves on by as much.
pub(crate) async fn drive<T>(
    guest: impl Future<Output = T>,
    output: &Mutex<Output>,
    sink: &mut (dyn Sink + Send),
    deadline: Instant,
    cancel: &CancelToken,
) -> Result<T, Stop> {
    let (mut armed, mut alarmed) = (None, deadline);
    let mut last = None;
    let outcome = {
        let mut guest = pin!(guest);
        let mut cancelled = pin!(cancel.cancelled());
        let mut alarm = pin!(sleep_until(deadline.into()));
        let mut flush = pin!(sleep_until(deadline.into()));
        let mut grace = pin!(sleep_until(deadline.into()));
        poll_fn(|context| {
            // What was said before goes out first; until it has, the guest stands still, unless it shall end.
            let heard = forward(output, sink, context);
            if last.is_none() && cancelled.as_mut().poll(context).is_ready() {
                let at = Instant::now() + GRACE;
                grace.as_mut().reset(at.into());
                last = Some(at);
            }
            if (heard || last.is_some())
                && let Poll::Ready(end) = guest.as_mut().poll(context)
            {
                return Poll::Ready(Ok(end));
            }
            // A busy guest is polled again at once, and timers then fire late: look at the clock as well.
            let now = Instant::now();
            if last.is_some_and(|at| now >= at || grace.as_mut().poll(context).is_ready()) {
                return Poll::Ready(Err(Stop::Cancelled));
            }
            let (stands_still, deadline) = {
                let output = lock(output);
                (output.waiting.is_on() && !output.has_next(), deadline + output.waiting.before())
            };
            if !stands_still {
                if alarmed != deadline {
                    alarmed = deadline;
                    alarm.as_mut().reset(deadline.into());
                }
                if now >= deadline || alarm.as_mut().poll(context).is_ready() {
                    return Poll::Ready(Err(Stop::Deadline));
                }
            }
            let mut flush_at = lock(output).flush_at();
            if flush_at.is_some_and(|at| at <= now) {
                lock(output).flush();
                flush_at = None;
            }
            forward(output, sink, context);
            if let Some(at) = flush_at {
                if armed != flush_at {
                    armed = flush_at;
                    flush.as_mut().reset(at.into());
                }
                if flush.as_mut().poll(context).is_ready() {
                    context.waker().wake_by_ref();
                }
            }
            Poll::Pending
        })
        .await
    };
    lock(output).flush();
    // What is left is bounded by the output limit and by what one step can say.
    while let Some((kind, data)) = next(output) {
        sink.event(kind, data);
    }
    outcome
}

/// Hands over what waits, as long as the sink takes it. False when something is left: the sink wakes us when it takes more.
fn forward(output: &Mutex<Output>, sink: &mut (dyn Sink + Send), context: &mut Context<'_>) -> bool {
    while lock(output).has_next() {
        if sink.poll_ready(context).is_pending() {
            return false;
        }
        if let Some((kind, data)) = next(output) {
            sink.event(kind, data);
        }
    }
    true
}

fn next(output: &Mutex<Output>) -> Option<(EventKind, Value)> {
    lock(output).next()
}
