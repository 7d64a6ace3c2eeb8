//! What a run's node can do to it while it goes on, and how much the run may say before it is heard.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use selvedge_engine::{Answers, CancelToken, EventKind, Sink};
use selvedge_protocol::limits::WINDOW_BYTES;
use selvedge_protocol::worker::FromWorker;
use serde_json::Value;

use crate::words::{Words, now_ms};

/// One run's line to its node. Clones are the same line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    /// Stops it.
    pub(crate) token: CancelToken,
    /// Answers it.
    pub(crate) answers: Answers,
    /// Lets it go on.
    pub(crate) window: Arc<Window>,
}

/// What was said and has not reached its reader.
#[derive(Debug, Default)]
pub(crate) struct Window(Mutex<Open>);

#[derive(Debug, Default)]
struct Open {
    /// Sizes of those events, oldest first.
    sizes: VecDeque<usize>,
    bytes: usize,
    waiting: Option<Waker>,
}

impl Window {
    fn said(&self, bytes: usize) {
        let mut open = self.open();
        open.sizes.push_back(bytes);
        open.bytes += bytes;
    }

    /// The oldest so many events have reached their reader.
    pub(crate) fn taken(&self, events: u64) {
        let mut open = self.open();
        for _ in 0..events {
            let Some(bytes) = open.sizes.pop_front() else { break };
            open.bytes -= bytes;
        }
        if open.bytes < WINDOW_BYTES
            && let Some(waiting) = open.waiting.take()
        {
            waiting.wake();
        }
    }

    fn poll_room(&self, context: &mut Context<'_>) -> Poll<()> {
        let mut open = self.open();
        if open.bytes < WINDOW_BYTES {
            return Poll::Ready(());
        }
        open.waiting = Some(context.waker().clone());
        Poll::Pending
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Passes on what a run says.
pub(crate) struct Mouth<'a> {
    pub(crate) words: &'a Words,
    pub(crate) run: &'a str,
    pub(crate) window: &'a Window,
}

impl Sink for Mouth<'_> {
    fn event(&mut self, kind: EventKind, data: Value) {
        let bytes = self.words.say(&FromWorker::Event {
            run: self.run.to_owned(),
            kind,
            at: now_ms(),
            data,
        });
        self.window.said(bytes);
    }

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<()> {
        self.window.poll_room(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_waits_when_too_much_is_unheard_and_goes_on_when_it_is_taken() {
        let window = Window::default();
        let mut context = Context::from_waker(Waker::noop());
        window.said(WINDOW_BYTES - 1);
        assert!(window.poll_room(&mut context).is_ready());
        window.said(10);
        assert!(window.poll_room(&mut context).is_pending());
        window.taken(1);
        assert!(window.poll_room(&mut context).is_ready());
        window.taken(100);
        window.said(WINDOW_BYTES);
        assert!(window.poll_room(&mut context).is_pending());
    }
}
