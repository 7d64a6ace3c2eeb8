//! The wish that a run shall end early, shared by everybody who can have it.

use tokio::sync::watch;

/// Who wants a run to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Somebody at the edge.
    Cancelled,
    /// The node is going down.
    NodeStops,
}

/// The side that asks.
#[derive(Clone, Debug)]
pub(crate) struct Stopper(watch::Sender<Option<Stop>>);

/// The side that obeys.
#[derive(Debug)]
pub(crate) struct Stopped {
    wishes: watch::Receiver<Option<Stop>>,
    /// The one that [`Stopped::next`] returned last.
    known: Option<Stop>,
}

/// A wish that nobody has yet.
pub(crate) fn stop() -> (Stopper, Stopped) {
    let (sender, receiver) = watch::channel(None);
    (
        Stopper(sender),
        Stopped {
            wishes: receiver,
            known: None,
        },
    )
}

impl Stopper {
    /// Ask. The node's going down replaces a cancellation; nothing replaces that.
    pub(crate) fn ask(&self, why: Stop) {
        self.0.send_if_modified(|now| {
            let changed = *now != Some(why) && *now != Some(Stop::NodeStops);
            if changed {
                *now = Some(why);
            }
            changed
        });
    }
}

impl Stopped {
    /// What is wished at the moment.
    pub(crate) fn now(&self) -> Option<Stop> {
        *self.wishes.borrow()
    }

    /// Waits for a wish that this has not returned yet. Never returns when nobody can have one any more.
    pub(crate) async fn next(&mut self) -> Stop {
        loop {
            let now = *self.wishes.borrow_and_update();
            if let Some(wish) = now.filter(|_| now != self.known) {
                self.known = now;
                return wish;
            }
            if self.wishes.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn poll(stopped: &mut Stopped) -> Poll<Stop> {
        pin!(stopped.next()).poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn each_wish_is_heard_once_and_the_nodes_end_is_final() {
        let (stopper, mut stopped) = stop();
        assert_eq!((poll(&mut stopped), stopped.now()), (Poll::Pending, None));
        stopper.ask(Stop::Cancelled);
        stopper.ask(Stop::Cancelled);
        assert_eq!(poll(&mut stopped), Poll::Ready(Stop::Cancelled));
        assert_eq!(poll(&mut stopped), Poll::Pending);
        stopper.ask(Stop::NodeStops);
        stopper.ask(Stop::Cancelled);
        assert_eq!(poll(&mut stopped), Poll::Ready(Stop::NodeStops));
        drop(stopper);
        assert_eq!((poll(&mut stopped), stopped.now()), (Poll::Pending, Some(Stop::NodeStops)));
    }
}
