//! Questions that a worker has not answered yet.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use selvedge_protocol::ask::AskReply;
use tokio::sync::oneshot;

/// By the number that the node gave them.
#[derive(Debug, Default)]
pub(super) struct Questions(Mutex<Open>);

#[derive(Debug, Default)]
struct Open {
    last: u64,
    waiting: HashMap<String, oneshot::Sender<AskReply>>,
    closed: bool,
}

impl Questions {
    /// A number for a question, and where its answer comes; the channel ends without one when the worker does. None: it is gone.
    pub(super) fn open(&self) -> Option<(String, oneshot::Receiver<AskReply>)> {
        let mut open = self.table();
        if open.closed {
            return None;
        }
        open.last += 1;
        let ask = open.last.to_string();
        let (ear, reply) = oneshot::channel();
        // Whoever has gone away in the meantime wants no answer.
        open.waiting.retain(|_, ear| !ear.is_closed());
        open.waiting.insert(ask.clone(), ear);
        Some((ask, reply))
    }

    /// The worker has answered.
    pub(super) fn answered(&self, ask: &str, reply: &AskReply) {
        let ear = self.table().waiting.remove(ask);
        if let Some(ear) = ear {
            let _ = ear.send(reply.clone());
        }
    }

    /// Is every question answered?
    pub(super) fn is_empty(&self) -> bool {
        self.table().waiting.is_empty()
    }

    /// The worker is gone.
    pub(super) fn hang_up(&self) {
        let mut open = self.table();
        open.closed = true;
        open.waiting.clear();
    }

    fn table(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_question_gets_its_own_answer_and_none_when_the_worker_is_gone() {
        let questions = Questions::default();
        let (first, first_reply) = questions.open().unwrap();
        let (second, second_reply) = questions.open().unwrap();
        questions.answered(&second, &AskReply::TooMuch);
        questions.answered("99", &AskReply::Full);
        assert_eq!(second_reply.await.unwrap(), AskReply::TooMuch);
        assert!(!questions.is_empty());
        questions.hang_up();
        assert!(first_reply.await.is_err() && questions.open().is_none(), "{first}");
    }
}
