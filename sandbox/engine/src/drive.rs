use crate::cancel::CancelToken;
use crate::cell::Sink;
use crate::host::lock;
use crate::output::Output;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Mutex;
use std::task::Poll;
use std::time::Instant;
use tokio::time::sleep_until;

/// Why a guest was stopped from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    Deadline,
    Cancelled,
}

/// Polls `guest` to its end and moves its output to `sink` meanwhile; when it has to stop, `guest` is dropped where it stands.
pub(crate) async fn drive<T>(
    guest: impl Future<Output = T>,
    output: &Mutex<Output>,
    sink: &mut (dyn Sink + Send),
    deadline: Instant,
    cancel: &CancelToken,
) -> Result<T, Stop> {
    let mut armed = None;
    let outcome = {
        let mut guest = pin!(guest);
        let mut cancelled = pin!(cancel.cancelled());
        let mut alarm = pin!(sleep_until(deadline.into()));
        let mut flush = pin!(sleep_until(deadline.into()));
        poll_fn(|context| {
            if let Poll::Ready(end) = guest.as_mut().poll(context) {
                return Poll::Ready(Ok(end));
            }
            if cancelled.as_mut().poll(context).is_ready() {
                return Poll::Ready(Err(Stop::Cancelled));
            }
            // A busy guest is polled again at once, and timers then fire late: look at the clock as well.
            let now = Instant::now();
            if now >= deadline || alarm.as_mut().poll(context).is_ready() {
                return Poll::Ready(Err(Stop::Deadline));
            }
            let mut flush_at = lock(output).flush_at();
            if flush_at.is_some_and(|at| at <= now) {
                lock(output).flush();
                flush_at = None;
            }
            forward(output, sink);
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
    forward(output, sink);
    outcome
}

fn forward(output: &Mutex<Output>, sink: &mut (dyn Sink + Send)) {
    loop {
        let next = lock(output).next();
        let Some((kind, data)) = next else { return };
        sink.event(kind, data);
    }
}
