//! A running instance. Whoever waits for its answer drives it, in the same task: handing it to another would cost more than most answers.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Sleep, sleep};

use crate::log;

/// How long one request may hold an instance, its answer's body included.
const HOLD: Duration = Duration::from_secs(30);

/// What is left to be done in the instance.
pub(super) struct Guest(Option<Work>);

struct Work {
    run: Pin<Box<dyn Future<Output = ()> + Send>>,
    /// Set at the first wait; most instances never wait.
    end: Option<Pin<Box<Sleep>>>,
}

impl Guest {
    pub(super) fn new(run: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(Some(Work {
            run: Box::pin(run),
            end: None,
        }))
    }

    /// Go on as far as possible. Ready once nothing is left, or when the instance has been held for too long.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(work) = &mut self.0 else { return Poll::Ready(()) };
        if work.run.as_mut().poll(context).is_pending() {
            let end = work.end.get_or_insert_with(|| Box::pin(sleep(HOLD)));
            if end.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            log::event("request.too_long", &[("held_ms", &HOLD.as_millis().to_string())]);
        }
        self.0 = None;
        Poll::Ready(())
    }

    /// End the instance where it stands.
    pub(super) fn end(&mut self) {
        self.0 = None;
    }
}

impl Drop for Guest {
    /// The client has left, or has all of its answer: what was begun is finished all the same, so that no write is cut in half.
    fn drop(&mut self) {
        if let (Some(mut work), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            let end = work.end.take().unwrap_or_else(|| Box::pin(sleep(HOLD)));
            runtime.spawn(async move {
                tokio::select! {
                    () = work.run => {}
                    () = end => log::event("request.too_long", &[("held_ms", &HOLD.as_millis().to_string())]),
                }
            });
        }
    }
}
