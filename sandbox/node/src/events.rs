//! What a run has said and how it ended, until the edge has it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use selvedge_protocol::limits::EVENT_BYTES_MAX;
use selvedge_protocol::{Event, EventKind, Outcome};
use serde_json::{Value, json};
use tokio::sync::{Notify, watch};

use crate::dialogue::Dialogue;

/// A report is closed when it has reached this size: a report is at most this and one event.
const REPORT_BYTES: usize = 512 << 10;

/// The events of one run, numbered from 1, in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Events {
    state: Mutex<State>,
    changed: Notify,
    /// Tells those who look on.
    grown: watch::Sender<()>,
    /// What the run is told.
    pub(crate) dialogue: Dialogue,
}

#[derive(Debug, Default)]
struct State {
    /// As JSON, each once: reports are put together from these, and whoever looks on gets them.
    all: Vec<Bytes>,
    /// How many of them the edge has.
    acknowledged: usize,
    outcome: Option<Outcome>,
    /// The number of the checkpoint that the run left of its kernel.
    checkpoint: Option<u64>,
    /// The edge wants to hear nothing more.
    closed: bool,
}

/// One report, ready to be sent.
#[derive(Debug)]
pub(crate) struct Batch {
    /// The body.
    pub(crate) body: Bytes,
    /// How many events are in it.
    pub(crate) events: usize,
    /// Is the outcome in it?
    pub(crate) last: bool,
}

impl Events {
    /// Of a run that has said nothing yet.
    pub(crate) fn of(interactive: bool) -> Self {
        Self {
            dialogue: Dialogue::of(interactive),
            ..Self::default()
        }
    }

    /// Add an event; gives its size.
    pub(crate) fn push(&self, kind: EventKind, at: u64, data: Value) -> usize {
        let mut state = self.state();
        if state.closed {
            return 0;
        }
        let number = state.all.len() as u64 + 1;
        let mut encoded = encode(number, kind, at, data);
        if encoded.as_ref().is_none_or(|bytes| bytes.len() as u64 > EVENT_BYTES_MAX) {
            let text = format!("\n[something larger than {EVENT_BYTES_MAX} bytes was shown here and dropped]\n");
            encoded = encode(number, EventKind::Stderr, at, json!({ "text": text }));
        }
        let size = encoded.as_ref().map_or(0, Vec::len);
        state.all.extend(encoded.map(Bytes::from));
        drop(state);
        self.changed.notify_one();
        self.grown.send_replace(());
        size
    }

    /// The run left a checkpoint of its kernel; told with the outcome.
    pub(crate) fn kept(&self, checkpoint: u64) {
        self.state().checkpoint = Some(checkpoint);
    }

    /// The run has ended; nothing may be added afterwards.
    pub(crate) fn end(&self, outcome: Outcome) {
        self.state().outcome = Some(outcome);
        self.changed.notify_one();
        self.grown.send_replace(());
    }

    /// The edge wants to hear nothing more: what waits is dropped, and what comes, too.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.acknowledged = state.all.len();
    }

    /// What is to be sent next, possibly nothing.
    pub(crate) fn batch(&self) -> Batch {
        let state = self.state();
        let mut body = b"{\"events\":[".to_vec();
        let mut events = 0;
        let waiting = state.all.get(state.acknowledged..).unwrap_or_default();
        for event in waiting {
            if events > 0 {
                if body.len() + event.len() > REPORT_BYTES {
                    break;
                }
                body.push(b',');
            }
            body.extend_from_slice(event);
            events += 1;
        }
        body.extend_from_slice(b"],\"outcome\":");
        let outcome = state
            .outcome
            .as_ref()
            .filter(|_| events == waiting.len())
            .and_then(|outcome| serde_json::to_vec(outcome).ok());
        let last = outcome.is_some();
        body.extend_from_slice(outcome.as_deref().unwrap_or(b"null"));
        if let Some(checkpoint) = state.checkpoint.filter(|_| last) {
            body.extend_from_slice(format!(",\"checkpoint\":{checkpoint}").as_bytes());
        }
        body.push(b'}');
        Batch {
            body: body.into(),
            events,
            last,
        }
    }

    /// The edge has the first so many of what waits.
    pub(crate) fn acknowledge(&self, events: usize) {
        self.state().acknowledged += events;
        self.dialogue.heard(events);
    }

    /// Those after the first `seen`, and the outcome when they are the last ones.
    pub(crate) fn after(&self, seen: usize) -> (Vec<Bytes>, Option<Outcome>) {
        let state = self.state();
        (state.all.get(seen..).unwrap_or_default().to_vec(), state.outcome.clone())
    }

    /// Waits until there is something after the first `seen`, or the end.
    pub(crate) async fn grown(&self, seen: usize) {
        let mut grown = self.grown.subscribe();
        loop {
            grown.mark_unchanged();
            if self.has_more(seen) {
                return;
            }
            // The sender lives as long as `self`.
            let _ = grown.changed().await;
        }
    }

    fn has_more(&self, seen: usize) -> bool {
        let state = self.state();
        state.all.len() > seen || state.outcome.is_some()
    }

    /// Size of all events.
    pub(crate) fn bytes(&self) -> usize {
        self.state().all.iter().map(Bytes::len).sum()
    }

    /// Waits for something new. Nothing that happened since the last wait is missed.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Waits for the outcome.
    pub(crate) async fn ended(&self) {
        while self.state().outcome.is_none() {
            self.changed().await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn encode(seq: u64, kind: EventKind, at: u64, data: Value) -> Option<Vec<u8>> {
    serde_json::to_vec(&Event { seq, kind, at, data }).ok()
}

#[cfg(test)]
mod tests {
    use selvedge_protocol::{Report, Status};

    use super::*;

    fn text(bytes: usize) -> Value {
        json!({ "text": "x".repeat(bytes) })
    }

    fn read(batch: &Batch) -> Report {
        serde_json::from_slice(&batch.body).unwrap()
    }

    #[test]
    fn events_are_numbered_without_gaps_and_the_outcome_comes_with_the_last() {
        let events = Events::default();
        assert_eq!(read(&events.batch()), Report::default());
        for _ in 0..5 {
            events.push(EventKind::Stdout, 7, text(300 << 10));
        }
        let outcome = Outcome {
            status: Status::Succeeded,
            fuel: 1,
            duration_ms: 2,
            error: None,
            truncated: false,
            receipt: None,
        };
        events.end(outcome.clone());

        let mut numbers = Vec::new();
        loop {
            let batch = events.batch();
            let report = read(&batch);
            assert_eq!(report.events.len(), batch.events);
            assert!(batch.body.len() <= REPORT_BYTES + (310 << 10));
            numbers.extend(report.events.iter().map(|event| event.seq));
            events.acknowledge(batch.events);
            if batch.last {
                assert_eq!(report.outcome, Some(outcome));
                break;
            }
            assert_eq!(report.outcome, None);
        }
        assert_eq!(numbers, [1, 2, 3, 4, 5]);
    }

    #[test]
    fn what_was_not_acknowledged_is_sent_again() {
        let events = Events::default();
        events.push(EventKind::Started, 1, json!({}));
        let first = events.batch().body;
        assert_eq!(first, events.batch().body);
    }

    #[test]
    fn an_event_that_no_report_could_carry_is_replaced_and_said() {
        let events = Events::default();
        events.push(EventKind::Display, 1, text(usize::try_from(EVENT_BYTES_MAX).unwrap()));
        let report = read(&events.batch());
        assert_eq!((report.events[0].seq, report.events[0].kind), (1, EventKind::Stderr));
    }

    #[test]
    fn after_the_edge_has_hung_up_nothing_is_kept() {
        let events = Events::default();
        events.push(EventKind::Started, 1, json!({}));
        events.close();
        events.push(EventKind::Stdout, 1, text(1));
        assert_eq!(events.batch().events, 0);
    }
}
