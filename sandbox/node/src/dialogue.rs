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
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    interactive: bool,
    lines: VecDeque<String>,
    heard: u64,
}

/// Something to be told to the run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// A line.
    Line(String),
    /// So many more of its events have reached the edge.
    Heard(u64),
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
            changed: Notify::new(),
        }
    }

    /// A line for the run.
    pub(crate) fn line(&self, text: String) -> Result<(), NoLine> {
        let mut state = self.state();
        if !state.interactive {
            return Err(NoLine::NotInteractive);
        }
        if state.lines.len() >= LINES_MAX {
            return Err(NoLine::Full);
        }
        state.lines.push_back(text);
        drop(state);
        self.changed.notify_one();
        Ok(())
    }

    /// The edge has so many more of its events.
    pub(crate) fn heard(&self, events: usize) {
        self.state().heard += events as u64;
        self.changed.notify_one();
    }

    /// Waits for something to tell.
    pub(crate) async fn next(&self) -> Told {
        loop {
            if let Some(told) = self.state().next() {
                return told;
            }
            self.changed.notified().await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn next(&mut self) -> Option<Told> {
        if let Some(line) = self.lines.pop_front() {
            return Some(Told::Line(line));
        }
        let heard = std::mem::take(&mut self.heard);
        (heard > 0).then_some(Told::Heard(heard))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_are_told_in_order_and_what_was_heard_at_once() {
        let dialogue = Dialogue::of(true);
        dialogue.line("a".to_owned()).unwrap();
        dialogue.heard(2);
        dialogue.heard(3);
        dialogue.line("b".to_owned()).unwrap();
        assert_eq!(dialogue.next().await, Told::Line("a".to_owned()));
        assert_eq!(dialogue.next().await, Told::Line("b".to_owned()));
        assert_eq!(dialogue.next().await, Told::Heard(5));
        for _ in 0..LINES_MAX {
            dialogue.line(String::new()).unwrap();
        }
        assert_eq!(dialogue.line(String::new()), Err(NoLine::Full));
        assert_eq!(Dialogue::default().line(String::new()), Err(NoLine::NotInteractive));
    }
}
