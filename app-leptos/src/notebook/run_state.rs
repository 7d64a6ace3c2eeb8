//! A run as it is shown, and how its events change it.

use leptos::prelude::*;
use selvedge_contract::{Event, Output, Run, RunError, Status};
use serde_json::Value;

/// Figures of a run, beside what it shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Facts {
    /// `run_…`; empty while the server has not answered yet.
    pub(crate) id: String,
    /// Where it stands.
    pub(crate) status: Status,
    /// Milliseconds in the interpreter.
    pub(crate) duration_ms: Option<u64>,
    /// Units of fuel.
    pub(crate) fuel: Option<u64>,
    /// Micro-credits.
    pub(crate) cost: Option<i64>,
    /// Output was dropped at the limit.
    pub(crate) truncated: bool,
    /// Newest event seen.
    pub(crate) last_seq: u64,
    /// Browser's clock when it began here; zero when it began elsewhere.
    pub(crate) began_ms: f64,
}

/// One thing shown.
#[derive(Clone)]
pub(crate) struct Shown {
    /// Tells pieces of one run apart.
    pub(crate) key: u64,
    /// What it is.
    pub(crate) piece: Piece,
}

/// Kinds of things shown.
#[derive(Clone)]
pub(crate) enum Piece {
    /// A stream's text, which grows.
    Text { is_error: bool, text: ArcRwSignal<String> },
    /// A MIME bundle.
    Bundle { data: Value, is_value: bool },
    /// Why it failed.
    Failure(RunError),
}

/// A cell's newest run. Signals are counted references: they belong to the cell, not to the view that happened to make them.
#[derive(Clone)]
pub(crate) struct RunState {
    /// None until the cell has been run.
    pub(crate) facts: ArcRwSignal<Option<Facts>>,
    /// In order.
    pub(crate) shown: ArcRwSignal<Vec<Shown>>,
}

impl RunState {
    /// From what the server knows.
    pub(crate) fn new(run: Option<&Run>) -> Self {
        let state = Self {
            facts: ArcRwSignal::new(None),
            shown: ArcRwSignal::new(Vec::new()),
        };
        if let Some(run) = run {
            state.replace(run);
        }
        state
    }

    /// Takes over a run as the server tells it.
    pub(crate) fn replace(&self, run: &Run) {
        let pieces = run.outputs.iter().map(|output| match output {
            Output::Stdout { text } => Piece::Text {
                is_error: false,
                text: ArcRwSignal::new(text.clone()),
            },
            Output::Stderr { text } => Piece::Text {
                is_error: true,
                text: ArcRwSignal::new(text.clone()),
            },
            Output::Display { data } => Piece::Bundle {
                data: data.clone(),
                is_value: false,
            },
            Output::Value { data } => Piece::Bundle {
                data: data.clone(),
                is_value: true,
            },
            Output::Error(error) => Piece::Failure(error.clone()),
        });
        let mut shown: Vec<Shown> = pieces.zip(1..).map(|(piece, key)| Shown { key, piece }).collect();
        // A run that ended without an event of its own, such as a lost one, still says why.
        if let Some(error) = &run.error
            && !shown.iter().any(|shown| matches!(shown.piece, Piece::Failure(_)))
        {
            shown.push(Shown {
                key: 0,
                piece: Piece::Failure(error.clone()),
            });
        }
        self.shown.set(shown);
        self.facts.set(Some(Facts {
            id: run.id.clone(),
            status: run.status,
            duration_ms: run.duration_ms,
            fuel: run.fuel,
            cost: run.cost,
            truncated: run.truncated,
            last_seq: run.last_seq,
            began_ms: 0.0,
        }));
    }

    /// A new run is on its way; what the last one showed stays until this one shows something.
    pub(crate) fn begin(&self, now_ms: f64) {
        self.facts.set(Some(Facts {
            id: String::new(),
            status: Status::Queued,
            duration_ms: None,
            fuel: None,
            cost: None,
            truncated: false,
            last_seq: 0,
            began_ms: now_ms,
        }));
    }

    /// True while something can still happen.
    pub(crate) fn is_open(&self) -> bool {
        self.facts
            .with(|facts| facts.as_ref().is_some_and(|facts| !facts.status.is_final()))
    }

    /// The same without tracking.
    pub(crate) fn is_open_untracked(&self) -> bool {
        untrack(|| self.is_open())
    }

    /// Takes an event. Returns the final status with the last one; events seen before change nothing.
    pub(crate) fn apply(&self, event: &Event) -> Option<Status> {
        let fresh = self.facts.with_untracked(|facts| {
            facts
                .as_ref()
                .is_some_and(|facts| facts.id == event.id && event.seq > facts.last_seq)
        });
        if !fresh {
            return None;
        }
        // The first event of a run clears what the one before it showed.
        if self
            .facts
            .with_untracked(|facts| facts.as_ref().is_some_and(|facts| facts.last_seq == 0))
        {
            self.shown.set(Vec::new());
        }
        let text = || event.data.get("text").and_then(Value::as_str).unwrap_or_default();
        let mut ended = None;
        match event.kind.as_str() {
            "stdout" => self.write(false, text()),
            "stderr" => self.write(true, text()),
            "display" => self.push(Piece::Bundle {
                data: event.data.clone(),
                is_value: false,
            }),
            "value" => self.push(Piece::Bundle {
                data: event.data.clone(),
                is_value: true,
            }),
            "error" => {
                if let Ok(error) = serde_json::from_value(event.data.clone()) {
                    self.push(Piece::Failure(error));
                }
            }
            "ended" => {
                ended = event
                    .data
                    .get("status")
                    .and_then(|status| serde_json::from_value::<Status>(status.clone()).ok())
            }
            _ => {}
        }
        self.facts.update(|facts| {
            if let Some(facts) = facts {
                facts.last_seq = event.seq;
                match ended {
                    Some(status) => {
                        facts.status = status;
                        facts.fuel = event.data.get("fuel").and_then(Value::as_u64);
                        facts.duration_ms = event.data.get("duration_ms").and_then(Value::as_u64);
                        facts.cost = event.data.get("cost").and_then(Value::as_i64);
                        facts.truncated = event.data.get("truncated").and_then(Value::as_bool).unwrap_or(false);
                    }
                    None => facts.status = Status::Running,
                }
            }
        });
        ended
    }

    fn write(&self, to_error: bool, more: &str) {
        let joined = self.shown.with_untracked(|shown| match shown.last() {
            Some(Shown {
                piece: Piece::Text { is_error, text },
                ..
            }) if *is_error == to_error => Some(text.clone()),
            _ => None,
        });
        match joined {
            Some(text) => text.update(|text| text.push_str(more)),
            None => self.push(Piece::Text {
                is_error: to_error,
                text: ArcRwSignal::new(more.to_owned()),
            }),
        }
    }

    fn push(&self, piece: Piece) {
        self.shown.update(|shown| {
            let key = shown.iter().map(|shown| shown.key).max().unwrap_or(0) + 1;
            shown.push(Shown { key, piece });
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(seq: u64, kind: &str, data: Value) -> Event {
        Event {
            id: "run_1".into(),
            seq,
            kind: kind.into(),
            subject: "/api/v1/runs/run_1".into(),
            at: String::new(),
            data,
        }
    }

    fn begun() -> RunState {
        let run = RunState::new(None);
        run.begin(0.0);
        run.facts.update(|facts| facts.as_mut().unwrap().id = "run_1".into());
        run
    }

    fn texts(run: &RunState) -> Vec<String> {
        let text = |shown: &Shown| match &shown.piece {
            Piece::Text { text, .. } => text.get_untracked(),
            _ => "other".into(),
        };
        run.shown.with_untracked(|shown| shown.iter().map(text).collect())
    }

    #[test]
    fn neighbouring_pieces_of_a_stream_are_joined() {
        let run = begun();
        for (seq, kind, text) in [(1, "stdout", "a"), (2, "stdout", "b"), (3, "stderr", "c"), (4, "stdout", "d")] {
            run.apply(&event(seq, kind, json!({ "text": text })));
        }
        assert_eq!(texts(&run), ["ab", "c", "d"]);
    }

    #[test]
    fn an_event_told_twice_counts_once() {
        let run = begun();
        for _ in 0..2 {
            run.apply(&event(1, "stdout", json!({"text": "once"})));
        }
        assert_eq!(texts(&run), ["once"]);
    }

    #[test]
    fn the_last_runs_output_stays_until_the_new_one_speaks() {
        let run = begun();
        run.apply(&event(1, "stdout", json!({"text": "old"})));
        run.begin(0.0);
        run.facts.update(|facts| facts.as_mut().unwrap().id = "run_1".into());
        assert_eq!(texts(&run), ["old"]);
        run.apply(&event(1, "started", json!({})));
        assert!(texts(&run).is_empty());
    }

    #[test]
    fn the_end_brings_the_figures() {
        let run = begun();
        let ended = run.apply(&event(
            1,
            "ended",
            json!({"status": "timed_out", "fuel": 7, "duration_ms": 30000, "cost": 3, "truncated": true}),
        ));
        assert_eq!(ended, Some(Status::TimedOut));
        assert!(!run.is_open());
        run.facts.with_untracked(|facts| assert_eq!(facts.as_ref().unwrap().cost, Some(3)));
    }
}
