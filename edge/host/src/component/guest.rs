//! A running instance. Whoever waits for its answer drives it, in the same task: handing it to another would cost more than most answers.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Sleep, sleep};

use crate::log;

/// What is left to be done in the instance.
pub(super) struct Guest(Option<Work>);

struct Work {
    run: Pin<Box<dyn Future<Output = ()> + Send>>,
    hold: Duration,
    /// Set at the first wait; most instances never wait.
    end: Option<Pin<Box<Sleep>>>,
}

impl Guest {
    /// At most this long, from its first wait on.
    pub(super) fn new(hold: Duration, run: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(Some(Work {
            run: Box::pin(run),
            hold,
            end: None,
        }))
    }

    /// Go on as far as possible. Ready once nothing is left, or when the instance has been held for too long.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(work) = &mut self.0 else { return Poll::Ready(()) };
        if work.run.as_mut().poll(context).is_pending() {
            let end = work.end.get_or_insert_with(|| Box::pin(sleep(work.hold)));
            if end.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            too_long(work.hold);
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
            let end = work.end.take().unwrap_or_else(|| Box::pin(sleep(work.hold)));
            runtime.spawn(async move {
                tokio::select! {
                    () = work.run => {}
                    () = end => too_long(work.hold),
                }
            });
        }
    }
}

fn too_long(hold: Duration) {
    log::event("request.too_long", &[("held_ms", &hold.as_millis().to_string())]);
}

#[cfg(test)]
mod tests {
    use std::future::{pending, poll_fn};
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn an_instance_that_never_ends_is_ended() {
        let held = Arc::new(());
        let place = Arc::clone(&held);
        let mut guest = Guest::new(Duration::from_millis(1), async move {
            pending::<()>().await;
            drop(place);
        });
        poll_fn(|context| guest.poll(context)).await;
        assert_eq!(Arc::strong_count(&held), 1, "what the instance held is free");
    }

    #[tokio::test]
    async fn what_was_begun_is_finished_when_the_client_has_left() {
        let (done, finished) = tokio::sync::oneshot::channel();
        let mut guest = Guest::new(Duration::from_secs(60), async move {
            tokio::task::yield_now().await;
            let _ = done.send(());
        });
        assert!(poll_fn(|context| Poll::Ready(guest.poll(context))).await.is_pending());
        drop(guest);
        finished.await.unwrap();
    }

    #[tokio::test]
    async fn an_instance_whose_answer_the_host_gives_is_ended_at_once() {
        let (done, finished) = tokio::sync::oneshot::channel::<()>();
        let mut guest = Guest::new(Duration::from_secs(60), async move {
            pending::<()>().await;
            drop(done);
        });
        guest.end();
        assert!(finished.await.is_err(), "what the instance held is free");
    }
}
