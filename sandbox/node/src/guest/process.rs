//! Talking to one worker process: which runs are in it, and who hears what it says about them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use selvedge_protocol::ask::{Ask, AskReply};
use selvedge_protocol::worker::{FromWorker, ToWorker};
use tokio::sync::{Notify, mpsc, oneshot};

use super::homes::Homes;
use super::questions::Questions;
use crate::aside::Answer;
use crate::frames::Frame;

/// What a run hears from the worker. The end of the channel without a last message: the worker died.
pub(crate) type Messages = mpsc::UnboundedReceiver<(FromWorker, Bytes)>;

/// Who hears what is said about a run, and in which kernel it is.
#[derive(Debug)]
struct Listener {
    ear: mpsc::UnboundedSender<(FromWorker, Bytes)>,
    kernel: Option<String>,
}

/// One worker process.
#[derive(Debug)]
pub(crate) struct Process {
    frames: mpsc::UnboundedSender<Frame>,
    runs: Mutex<Runs>,
    done: AtomicU64,
    kill: Notify,
    homes: Homes,
    questions: Questions,
}

#[derive(Debug, Default)]
struct Runs {
    listeners: HashMap<String, Listener>,
    /// It takes no more: it is gone, or goes when those that it has are over.
    closed: bool,
}

impl Process {
    /// A process that reads what is put into `frames`.
    pub(super) fn new(frames: mpsc::UnboundedSender<Frame>, homes: &Homes) -> Arc<Self> {
        Arc::new(Self {
            frames,
            runs: Mutex::default(),
            done: AtomicU64::new(0),
            kill: Notify::new(),
            homes: homes.clone(),
            questions: Questions::default(),
        })
    }

    /// Send a run; none when this process takes no more. When it dies, the channel ends.
    pub(super) fn send_run(&self, run: &str, kernel: Option<String>, frame: &Frame) -> Option<Messages> {
        let (ear, messages) = mpsc::unbounded_channel();
        let mut runs = self.runs();
        if runs.closed {
            return None;
        }
        runs.listeners.insert(run.to_owned(), Listener { ear, kernel });
        drop(runs);
        let _ = self.frames.send(frame.clone());
        Some(messages)
    }

    /// Ask the worker to stop a run.
    pub(crate) fn cancel(&self, run: &str) {
        self.send(&ToWorker::Cancel { run: run.to_owned() });
    }

    /// Tell a run what it asked for.
    pub(crate) fn input(&self, run: &str, answer: Answer) {
        self.send(&ToWorker::Input {
            run: run.to_owned(),
            text: answer.text,
            waited_us: u64::try_from(answer.waited.as_micros()).unwrap_or(u64::MAX),
        });
    }

    /// So many events of a run have reached the edge.
    pub(crate) fn taken(&self, run: &str, events: u64) {
        self.send(&ToWorker::Taken {
            run: run.to_owned(),
            events,
        });
    }

    /// Put a question; the channel ends without an answer when the process does. None: it is gone already.
    pub(super) fn ask(&self, mut question: Ask, checkpoint: Bytes) -> Option<oneshot::Receiver<AskReply>> {
        let (ask, reply) = self.questions.open()?;
        question.ask = ask;
        let frame = Frame::new(&ToWorker::Ask(question), checkpoint).ok()?;
        let _ = self.frames.send(frame);
        Some(reply)
    }

    /// Drop a kernel's live instance.
    pub(super) fn forget(&self, kernel: &str) {
        self.send(&ToWorker::Forget { kernel: kernel.to_owned() });
    }

    /// Nothing else stops it any more: end the process. Everything that runs in it is lost.
    pub(crate) fn kill(&self) {
        self.kill.notify_one();
    }

    /// Waits until somebody wants this process ended.
    pub(super) async fn killed(&self) {
        self.kill.notified().await;
    }

    /// Take no more runs, and end when those that there are have ended and what was asked is answered.
    pub(super) fn retire(&self) {
        let mut runs = self.runs();
        runs.closed = true;
        self.end_when_done(&runs);
    }

    fn end_when_done(&self, runs: &Runs) {
        if runs.closed && runs.listeners.is_empty() && self.questions.is_empty() {
            self.kill();
        }
    }

    /// Runs in it now.
    pub(super) fn running(&self) -> usize {
        self.runs().listeners.len()
    }

    /// Runs that have ended in it.
    pub(super) fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    fn send(&self, message: &ToWorker) {
        if let Ok(frame) = Frame::new(message, Bytes::new()) {
            let _ = self.frames.send(frame);
        }
    }

    /// The process has said this.
    pub(super) fn deliver(self: &Arc<Self>, message: FromWorker, attachment: Bytes) {
        let (run, last) = match &message {
            FromWorker::Ready { .. } => return,
            FromWorker::Answered { ask, reply } => {
                self.questions.answered(ask, reply);
                return self.end_when_done(&self.runs());
            }
            FromWorker::Event { run, .. } | FromWorker::Stopped { run } => (run.clone(), false),
            FromWorker::Ended { run, .. } | FromWorker::Missing { run } | FromWorker::Unreadable { run, .. } => (run.clone(), true),
        };
        let mut runs = self.runs();
        if !last {
            if let Some(listener) = runs.listeners.get(&run) {
                let _ = listener.ear.send((message, attachment));
            }
            return;
        }
        let Some(listener) = runs.listeners.remove(&run) else { return };
        self.done.fetch_add(1, Ordering::Relaxed);
        self.end_when_done(&runs);
        drop(runs);
        if let Some(kernel) = &listener.kernel {
            if matches!(message, FromWorker::Ended { kept: true, .. }) {
                self.homes.lives_in(kernel, self);
            } else {
                self.homes.sleeps(kernel);
            }
        }
        let _ = listener.ear.send((message, attachment));
    }

    /// The process is gone: what was in it hears no more.
    pub(super) fn hang_up(&self) {
        let mut runs = self.runs();
        runs.closed = true;
        runs.listeners.clear();
        drop(runs);
        self.questions.hang_up();
    }

    fn runs(&self) -> MutexGuard<'_, Runs> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
