use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// Lines for a cell that asks for them (`input()`). Clones are the same queue; what is sent before it is asked for is kept.
///
/// A cell waits for as long as whoever has the other clone lets it: [`Answers::end`] is the end of its patience.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    queue: Arc<Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    state: Mutex<State>,
    came: Notify,
}

#[derive(Debug, Default)]
struct State {
    lines: VecDeque<Line>,
    over: bool,
}

/// One answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Without its end.
    pub(crate) text: String,
    /// How long the person took, when somebody kept that time.
    pub(crate) took: Option<Duration>,
}

impl Answers {
    /// Most lines that wait; one more is refused.
    pub const WAITING_MAX: usize = 64;

    /// Answers the oldest question that has no answer yet, or the next one. A line's end at the end of `text` is dropped. `took` is how long the
    /// person had the question, when that is known: no more of the wait than that is taken off the cell's time. False when too many lines wait
    /// already.
    pub fn send(&self, text: &str, took: Option<Duration>) -> bool {
        let line = text.strip_suffix('\n').unwrap_or(text);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let mut state = self.state();
        if state.lines.len() >= Self::WAITING_MAX {
            return false;
        }
        state.lines.push_back(Line {
            text: line.to_owned(),
            took,
        });
        drop(state);
        self.queue.came.notify_one();
        true
    }

    /// No more lines come: after those that were sent, whoever reads is at the end of the input, and nobody is asked any more.
    pub fn end(&self) {
        self.state().over = true;
        self.queue.came.notify_one();
    }

    /// Is there somebody to be asked, or a line that waits?
    pub(crate) fn may_come(&self) -> bool {
        let state = self.state();
        !state.over || !state.lines.is_empty()
    }

    /// Waits for the next line; none when no more come.
    pub(crate) async fn next(&self) -> Option<Line> {
        loop {
            // Notified while nobody waits is remembered, so a line that comes in between is not missed.
            if let Some(next) = self.state().next() {
                return next;
            }
            self.queue.came.notified().await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.queue.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// What there is to say at once, if anything.
    fn next(&mut self) -> Option<Option<Line>> {
        match self.lines.pop_front() {
            Some(line) => Some(Some(line)),
            None => self.over.then_some(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn text(answers: &Answers) -> Option<String> {
        answers.next().await.map(|line| line.text)
    }

    #[tokio::test]
    async fn lines_come_in_order_whoever_was_first_and_without_their_end() {
        let answers = Answers::default();
        assert!(answers.send("a\n", None) && answers.send("b\r\n", None) && answers.send("", None));
        for line in ["a", "b", ""] {
            assert_eq!(text(&answers).await.as_deref(), Some(line));
        }
        let (late, ()) = tokio::join!(text(&answers), async {
            answers.send("c", None);
        });
        assert_eq!(late.as_deref(), Some("c"));
    }

    #[test]
    fn too_many_lines_that_nobody_reads_are_refused() {
        let answers = Answers::default();
        assert!((0..Answers::WAITING_MAX).all(|_| answers.send("x", None)));
        assert!(!answers.send("x", None));
    }

    #[tokio::test]
    async fn the_end_comes_after_what_was_sent_and_stays() {
        let answers = Answers::default();
        answers.send("a", None);
        answers.end();
        assert!(answers.may_come());
        assert_eq!(text(&answers).await.as_deref(), Some("a"));
        assert!(!answers.may_come());
        assert_eq!((text(&answers).await, text(&answers).await), (None, None));
        let waiting = Answers::default();
        let (late, ()) = tokio::join!(text(&waiting), async { waiting.end() });
        assert_eq!(late, None);
    }
}
