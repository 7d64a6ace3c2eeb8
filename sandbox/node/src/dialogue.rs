//! What a run is told while it goes on: lines that it asked for, and how much of what it said has been heard.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Most lines that wait for a run.
const LINES_MAX: usize = 64;

/// One run's.
#[derive(Debug, Default)]
pub(crate) struct Dialogue {
    state: Mutex<State>,
    said: Notify,
    heard: Notify,
}

#[derive(Debug, Default)]
struct State {
    interactive: bool,
    lines: VecDeque<String>,
    heard: u64,
}

/// Why a line is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoLine {
    /// Its order does not say that somebody is there.
    NotInteractive,
    /// Too many wait already.
    Full,
}

impl Dialogue {
    /// Of a run that asks for lines, or that does not.
    pub(crate) fn of(interactive: bool) -> Self {
        Self {
            state: Mutex::new(State {
                interactive,
                ..State::default()
            }),
            ..Self::default()
        }
    }

    /// Is somebody there to be asked?
    pub(crate) fn is_interactive(&self) -> bool {
        self.state().interactive
    }

    /// A line for the run, which it gets when it asks.
    pub(crate) fn send(&self, text: String) -> Result<(), NoLine> {
        let mut state = self.state();
        if !state.interactive {
            return Err(NoLine::NotInteractive);
        }
        if state.lines.len() >= LINES_MAX {
            return Err(NoLine::Full);
        }
        state.lines.push_back(text);
        drop(state);
        self.said.notify_one();
        Ok(())
    }

    /// The edge has so many more of its events.
    pub(crate) fn heard(&self, events: usize) {
        self.state().heard += events as u64;
        self.heard.notify_one();
    }

    /// The next line, if it is there already.
    pub(crate) fn line_now(&self) -> Option<String> {
        self.state().lines.pop_front()
    }

    /// Waits for the next line. For one at a time.
    pub(crate) async fn line(&self) -> String {
        loop {
            if let Some(line) = self.line_now() {
                return line;
            }
            self.said.notified().await;
        }
    }

    /// Waits until the edge has more of the run's events; how many. For one at a time.
    pub(crate) async fn more_heard(&self) -> u64 {
        loop {
            let heard = std::mem::take(&mut self.state().heard);
            if heard > 0 {
                return heard;
            }
            self.heard.notified().await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_are_told_in_order_and_what_was_heard_at_once() {
        let dialogue = Dialogue::of(true);
        dialogue.send("a".to_owned()).unwrap();
        dialogue.heard(2);
        dialogue.heard(3);
        dialogue.send("b".to_owned()).unwrap();
        assert_eq!((dialogue.line().await, dialogue.line().await), ("a".to_owned(), "b".to_owned()));
        assert_eq!((dialogue.line_now(), dialogue.more_heard().await), (None, 5));
        for _ in 0..LINES_MAX {
            dialogue.send(String::new()).unwrap();
        }
        assert_eq!(dialogue.send(String::new()), Err(NoLine::Full));
        assert_eq!(Dialogue::default().send(String::new()), Err(NoLine::NotInteractive));
    }
}
