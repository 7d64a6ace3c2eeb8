//! A run as it is shown, and how its events change it.

use leptos::prelude::*;
use selvedge_contract::shown::Display;
use selvedge_contract::{Event, InputRequest, Output, Run, RunError, Status};
use serde::Deserialize;
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
    /// The kernel's checkpoint that holds what it left, once that is known.
    pub(crate) checkpoint: Option<u64>,
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
    /// A MIME bundle, which a later event may replace when it has a name.
    Bundle {
        id: Option<String>,
        data: ArcRwSignal<Value>,
        is_value: bool,
    },
    /// Why it failed.
    Failure(RunError),
}

fn bundle(data: &Value, id: Option<String>, is_value: bool) -> Piece {
    Piece::Bundle {
        id,
        data: ArcRwSignal::new(data.clone()),
        is_value,
    }
}

/// A cell's newest run. Signals are counted references: they belong to the cell, not to the view that happened to make them.
#[derive(Clone)]
pub(crate) struct RunState {
    /// None until the cell has been run.
    pub(crate) facts: ArcRwSignal<Option<Facts>>,
    /// In order.
    pub(crate) shown: ArcRwSignal<Vec<Shown>>,
    /// A line that it waits for.
    pub(crate) input: ArcRwSignal<Option<InputRequest>>,
    /// What is shown goes when something new comes.
    clear_next: ArcRwSignal<bool>,
    /// Newest key of a piece. Never given twice: the page would take a new piece for the old one in its place.
    newest_key: ArcRwSignal<u64>,
}

/// What an event meant beyond this run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Heard {
    /// Nothing.
    Nothing,
    /// The run has ended.
    Ended(Status),
    /// It replaces what a run before it showed under this name.
    ReplacesElsewhere {
        /// The name.
        id: String,
        /// A MIME bundle.
        data: Value,
    },
}

impl RunState {
    /// From what the server knows.
    pub(crate) fn new(run: Option<&Run>) -> Self {
        let state = Self {
            facts: ArcRwSignal::new(None),
            shown: ArcRwSignal::new(Vec::new()),
            input: ArcRwSignal::new(None),
            clear_next: ArcRwSignal::new(false),
            newest_key: ArcRwSignal::new(0),
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
            Output::Display { data, display_id, .. } => bundle(data, display_id.clone(), false),
            Output::Value { data } => bundle(data, None, true),
            Output::Error(error) => Piece::Failure(error.clone()),
        });
        let mut shown: Vec<Shown> = pieces.map(|piece| self.keyed(piece)).collect();
        // A run that ended without an event of its own, such as a lost one, still says why.
        if let Some(error) = &run.error
            && !shown.iter().any(|shown| matches!(shown.piece, Piece::Failure(_)))
        {
            shown.push(self.keyed(Piece::Failure(error.clone())));
        }
        self.shown.set(shown);
        self.input.set(run.input.clone());
        self.clear_next.set(false);
        self.facts.set(Some(Facts {
            id: run.id.clone(),
            status: run.status,
            duration_ms: run.duration_ms,
            fuel: run.fuel,
            cost: run.cost,
            truncated: run.truncated,
            checkpoint: run.checkpoint,
            last_seq: run.last_seq,
            began_ms: 0.0,
        }));
    }

    /// A new run is on its way; what the last one showed stays until this one shows something.
    pub(crate) fn begin(&self, now_ms: f64) {
        self.input.set(None);
        self.clear_next.set(false);
        self.facts.set(Some(Facts {
            id: String::new(),
            status: Status::Queued,
            duration_ms: None,
            fuel: None,
            cost: None,
            truncated: false,
            checkpoint: None,
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

    /// Takes an event; events seen before change nothing.
    pub(crate) fn apply(&self, event: &Event) -> Heard {
        let Some(newest) = self
            .facts
            .with_untracked(|facts| facts.as_ref().filter(|facts| facts.id == event.id).map(|facts| facts.last_seq))
        else {
            return Heard::Nothing;
        };
        if event.seq <= newest {
            return Heard::Nothing;
        }
        // The first event of a run clears what the one before it showed.
        if newest == 0 {
            self.shown.set(Vec::new());
        }
        if self.input.with_untracked(Option::is_some) {
            self.input.set(None);
        }
        let text = || event.data.get("text").and_then(Value::as_str).unwrap_or_default();
        let mut heard = Heard::Nothing;
        match event.kind.as_str() {
            "stdout" => self.write(false, text()),
            "stderr" => self.write(true, text()),
            "display" => heard = self.display(&event.data),
            "value" => self.push(bundle(&event.data, None, true)),
            "error" => {
                if let Ok(error) = serde_json::from_value(event.data.clone()) {
                    self.push(Piece::Failure(error));
                }
            }
            "input_request" => self.input.set(InputRequest::deserialize(&event.data).ok()),
            "ended" => {
                let status = event.data.get("status").and_then(|status| Status::deserialize(status).ok());
                heard = status.map_or(Heard::Nothing, Heard::Ended);
            }
            _ => {}
        }
        self.facts.update(|facts| {
            if let Some(facts) = facts {
                facts.last_seq = event.seq;
                if let Heard::Ended(status) = heard {
                    facts.status = status;
                    facts.fuel = event.data.get("fuel").and_then(Value::as_u64);
                    facts.duration_ms = event.data.get("duration_ms").and_then(Value::as_u64);
                    facts.cost = event.data.get("cost").and_then(Value::as_i64);
                    facts.truncated = event.data.get("truncated").and_then(Value::as_bool).unwrap_or(false);
                } else {
                    facts.status = Status::Running;
                }
            }
        });
        heard
    }

    fn display(&self, event: &Value) -> Heard {
        match Display::read(event) {
            Display::Clear { wait } => {
                self.clear_next.set(wait);
                if !wait {
                    self.shown.set(Vec::new());
                }
            }
            Display::New { id } => self.push(bundle(event, id.map(str::to_owned), false)),
            Display::Replace { id } => {
                if !self.replace_named(id, event) {
                    return Heard::ReplacesElsewhere {
                        id: id.to_owned(),
                        data: event.clone(),
                    };
                }
            }
        }
        Heard::Nothing
    }

    /// Replaces everything that was shown under this name. False when nothing was.
    pub(crate) fn replace_named(&self, name: &str, with: &Value) -> bool {
        self.shown.with_untracked(|shown| {
            let mut found = false;
            for piece in shown {
                if let Piece::Bundle { id: Some(id), data, .. } = &piece.piece
                    && id == name
                {
                    data.set(with.clone());
                    found = true;
                }
            }
            found
        })
    }

    /// What was only waiting for something new goes now.
    fn clear_when_due(&self) {
        if self.clear_next.get_untracked() {
            self.clear_next.set(false);
            self.shown.set(Vec::new());
        }
    }

    fn write(&self, to_error: bool, more: &str) {
        self.clear_when_due();
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
        self.clear_when_due();
        let piece = self.keyed(piece);
        self.shown.update(|shown| shown.push(piece));
    }

    fn keyed(&self, piece: Piece) -> Shown {
        let key = self.newest_key.get_untracked() + 1;
        self.newest_key.set(key);
        Shown { key, piece }
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
            Piece::Bundle { data, .. } => data.with_untracked(|data| data["data"]["text/plain"].as_str().unwrap_or_default().to_owned()),
            Piece::Failure(_) => "failure".into(),
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
        assert_eq!(ended, Heard::Ended(Status::TimedOut));
        assert!(!run.is_open());
        run.facts.with_untracked(|facts| assert_eq!(facts.as_ref().unwrap().cost, Some(3)));
    }

    fn display(seq: u64, text: &str, more: &Value) -> Event {
        let mut data = json!({"data": {"text/plain": text}, "metadata": {}});
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        event(seq, "display", data)
    }

    #[test]
    fn what_has_a_name_is_replaced_in_its_place() {
        let run = begun();
        run.apply(&display(1, "a", &json!({"display_id": "d"})));
        run.apply(&display(2, "b", &json!({})));
        let keys = || {
            run.shown
                .with_untracked(|shown| shown.iter().map(|shown| shown.key).collect::<Vec<_>>())
        };
        let before = keys();
        assert_eq!(
            run.apply(&display(3, "c", &json!({"display_id": "d", "update": true}))),
            Heard::Nothing
        );
        assert_eq!(texts(&run), ["c", "b"]);
        assert_eq!(keys(), before, "the place on the page is the same");
        let elsewhere = run.apply(&display(4, "x", &json!({"display_id": "e", "update": true})));
        assert!(matches!(elsewhere, Heard::ReplacesElsewhere { id, .. } if id == "e"));
    }

    #[test]
    fn clearing_waits_for_something_new_when_it_is_asked_to() {
        let run = begun();
        run.apply(&display(1, "a", &json!({})));
        run.apply(&display(2, "", &json!({"clear": true, "wait": true})));
        assert_eq!(texts(&run), ["a"]);
        run.apply(&event(3, "stdout", json!({"text": "b"})));
        assert_eq!(texts(&run), ["b"]);
        run.apply(&display(4, "", &json!({"clear": true, "wait": false})));
        assert!(texts(&run).is_empty());
    }

    #[test]
    fn what_comes_after_a_clearing_is_another_piece() {
        let run = begun();
        let key = || run.shown.with_untracked(|shown| shown.first().map(|shown| shown.key));
        run.apply(&event(1, "stdout", json!({"text": "a"})));
        let before = key();
        run.apply(&display(2, "", &json!({"clear": true, "wait": true})));
        run.apply(&event(3, "stdout", json!({"text": "b"})));
        assert_ne!(before, key());
    }

    #[test]
    fn a_line_is_waited_for_until_anything_else_happens() {
        let run = begun();
        run.apply(&event(1, "input_request", json!({"prompt": "name? ", "password": false})));
        assert_eq!(run.input.get_untracked().unwrap().prompt, "name? ");
        run.apply(&event(2, "stdout", json!({"text": "name? x"})));
        assert_eq!(run.input.get_untracked(), None);
    }
}
