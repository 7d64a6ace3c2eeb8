//! What runs said that have just ended. A short run is over before somebody who was told its id has connected.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::events::Events;

/// Size of everything that is kept.
const BYTES_MAX: usize = 16 << 20;
/// And how many.
const RUNS_MAX: usize = 4_096;

/// The newest ended runs, as many as fit.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    runs: VecDeque<(String, usize, Arc<Events>)>,
    bytes: usize,
}

impl Recent {
    /// Keep what this run said, and forget the oldest for it if need be.
    pub(crate) fn keep(&mut self, run: &str, events: Arc<Events>) {
        let bytes = events.bytes();
        self.bytes += bytes;
        self.runs.push_back((run.to_owned(), bytes, events));
        while self.bytes > BYTES_MAX || self.runs.len() > RUNS_MAX {
            let Some((_, bytes, _)) = self.runs.pop_front() else { return };
            self.bytes -= bytes;
        }
    }

    /// What this run said. Newest first: that is what is asked for.
    pub(crate) fn of(&self, run: &str) -> Option<Arc<Events>> {
        let (_, _, events) = self.runs.iter().rev().find(|(kept, ..)| kept == run)?;
        Some(events.clone())
    }
}

#[cfg(test)]
mod tests {
    use selvedge_protocol::EventKind;
    use serde_json::json;

    use super::*;

    fn events(bytes: usize) -> Arc<Events> {
        let events = Arc::<Events>::default();
        let mut left = bytes;
        while left > 0 {
            let part = left.min(512 << 10);
            events.push(EventKind::Stdout, 1, json!({ "text": "x".repeat(part) }));
            left -= part;
        }
        events
    }

    #[test]
    fn the_oldest_go_when_there_is_too_much() {
        let mut recent = Recent::default();
        recent.keep("first", events(1));
        recent.keep("large", events(10 << 20));
        assert!(recent.of("first").is_some() && recent.of("large").is_some());
        recent.keep("larger", events(10 << 20));
        assert!(recent.of("first").is_none() && recent.of("large").is_none() && recent.of("larger").is_some());
        for number in 0..RUNS_MAX {
            recent.keep(&number.to_string(), events(0));
        }
        assert!(recent.of("larger").is_none() && recent.of("0").is_some());
    }
}
