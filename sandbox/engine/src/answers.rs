use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// Lines for a cell that asks for them (`input()`). Clones are the same queue; what is sent before it is asked for is kept.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    queue: Arc<Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    lines: Mutex<VecDeque<String>>,
    came: Notify,
}

impl Answers {
    /// Most lines that wait; one more is refused.
    pub const WAITING_MAX: usize = 64;

    /// Answers the oldest question that has no answer yet, or the next one. A line's end at the end of `text` is dropped. False when too many
    /// lines wait already.
    pub fn send(&self, text: &str) -> bool {
        let line = text.strip_suffix('\n').unwrap_or(text);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let mut lines = self.queue.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() >= Self::WAITING_MAX {
            return false;
        }
        lines.push_back(line.to_owned());
        drop(lines);
        self.queue.came.notify_one();
        true
    }

    /// Waits for the next line.
    pub(crate) async fn next(&self) -> String {
        loop {
            // Notified while nobody waits is remembered, so a line that comes in between is not missed.
            let line = self.queue.lines.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            if let Some(line) = line {
                return line;
            }
            self.queue.came.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_come_in_order_whoever_was_first_and_without_their_end() {
        let answers = Answers::default();
        assert!(answers.send("a\n") && answers.send("b\r\n") && answers.send(""));
        assert_eq!(
            (answers.next().await, answers.next().await, answers.next().await),
            ("a".into(), "b".into(), String::new())
        );
        let (late, ()) = tokio::join!(answers.next(), async {
            answers.send("c");
        });
        assert_eq!(late, "c");
    }

    #[test]
    fn too_many_lines_that_nobody_reads_are_refused() {
        let answers = Answers::default();
        assert!((0..Answers::WAITING_MAX).all(|_| answers.send("x")));
        assert!(!answers.send("x"));
    }
}
