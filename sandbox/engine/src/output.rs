use crate::waiting::Waiting;
use selvedge_protocol::{EventKind, RunFailure};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Text goes out when there is this much of it …
const FLUSH_BYTES: usize = 16 << 10;
/// … or when its beginning is this old.
pub(crate) const FLUSH_AFTER: Duration = Duration::from_millis(30);
/// Most text in one event.
const EVENT_TEXT_BYTES_MAX: usize = 64 << 10;
/// Most text of an error's message and of its traceback.
const ERROR_TEXT_BYTES_MAX: usize = 64 << 10;
/// Most JSON of an error with its details; of a longer one the details are dropped.
const DETAILS_BYTES_MAX: usize = 512 << 10;
/// Most JSON of one answer.
pub(crate) const ANSWER_BYTES_MAX: usize = 1 << 20;
/// Kept of what the guest's own runtime wrote last, for when it dies.
const LAST_WORDS_BYTES: usize = 2 << 10;

/// Output of the running cell between the guest that makes it and the sink that takes it.
#[derive(Debug, Default)]
pub(crate) struct Output {
    left: u64,
    truncated: bool,
    gathering: Option<Gathering>,
    ready: VecDeque<(EventKind, Value)>,
    error: Option<RunFailure>,
    details: Option<Value>,
    answer: Option<Value>,
    last_words: Vec<u8>,
    /// For its person, when it has asked for a line.
    pub(crate) waiting: Waiting,
}

/// What an error has beside [`RunFailure`].
#[derive(Deserialize)]
struct Details {
    data: Option<Value>,
}

#[derive(Debug)]
struct Gathering {
    kind: EventKind,
    text: String,
    since: Instant,
}

impl Output {
    /// Forgets everything; `limit` bytes can follow.
    pub(crate) fn begin(&mut self, limit: u64) {
        *self = Self {
            left: limit,
            ..Self::default()
        };
    }

    pub(crate) fn text(&mut self, kind: EventKind, text: &str) {
        let kept = self.keep_text(text);
        if kept.is_empty() {
            return;
        }
        if self.gathering.as_ref().is_some_and(|gathering| gathering.kind != kind) {
            self.flush();
        }
        let gathering = self.gathering.get_or_insert_with(|| Gathering {
            kind,
            text: String::new(),
            since: Instant::now(),
        });
        gathering.text.push_str(kept);
        if gathering.text.len() >= FLUSH_BYTES {
            self.flush();
        }
    }

    /// The longest beginning of `text` that the limit allows; nothing follows what was cut.
    fn keep_text<'a>(&mut self, text: &'a str) -> &'a str {
        let len = text.len() as u64;
        if len <= self.left {
            self.left -= len;
            return text;
        }
        let kept = text
            .get(..text.floor_char_boundary(usize::try_from(self.left).unwrap_or(usize::MAX)))
            .unwrap_or_default();
        self.left = 0;
        self.truncated = true;
        kept
    }

    /// A MIME bundle; anything else is none and is dropped.
    pub(crate) fn bundle(&mut self, kind: EventKind, json: &str) {
        let len = json.len() as u64;
        if len > self.left {
            self.left = 0;
            self.truncated = true;
            return;
        }
        if let Ok(Value::Object(bundle)) = serde_json::from_str(json) {
            self.left -= len;
            self.flush();
            self.ready.push_back((kind, Value::Object(bundle)));
        }
    }

    /// An exception that the guest reports; the last one counts.
    pub(crate) fn error(&mut self, json: &str) {
        self.details = Some(json)
            .filter(|json| json.len() <= DETAILS_BYTES_MAX)
            .and_then(|json| serde_json::from_str::<Details>(json).ok())
            .and_then(|details| details.data);
        if let Ok(mut failure) = serde_json::from_str::<RunFailure>(json) {
            for text in [&mut failure.kind, &mut failure.message, &mut failure.traceback] {
                text.truncate(text.floor_char_boundary(ERROR_TEXT_BYTES_MAX));
            }
            self.error = Some(failure);
        }
    }

    /// The cell waits for a line from now on. Not counted as output: a cell that has reached its limit can still ask.
    pub(crate) fn ask(&mut self, prompt: &str, password: bool) {
        self.flush();
        self.ready
            .push_back((EventKind::Input, json!({ "prompt": prompt, "password": password })));
        self.waiting.begin(Instant::now());
    }

    /// What the guest answers to a question about its state; the last answer counts, so that a first one can be cheap and safe.
    pub(crate) fn answer(&mut self, json: &str) {
        if json.len() <= ANSWER_BYTES_MAX
            && let Ok(answer) = serde_json::from_str(json)
        {
            self.answer = Some(answer);
        }
    }

    pub(crate) fn take_answer(&mut self) -> Option<Value> {
        self.answer.take()
    }

    /// What the guest's runtime, not its user, wrote to file descriptor 2.
    pub(crate) fn last_words(&mut self, bytes: &[u8]) {
        self.last_words.extend_from_slice(bytes);
        let excess = self.last_words.len().saturating_sub(LAST_WORDS_BYTES);
        self.last_words.drain(..excess);
    }

    pub(crate) fn take_last_words(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.last_words)).trim().to_owned()
    }

    /// Shows them as standard error: the guest lived on, so a user's `os.write(2, ...)` is among them.
    pub(crate) fn surface_last_words(&mut self) {
        let words = std::mem::take(&mut self.last_words);
        self.text(EventKind::Stderr, &String::from_utf8_lossy(&words));
    }

    /// What the guest said about the error beside what everybody reads: data by MIME type.
    pub(crate) fn take_details(&mut self) -> Option<Value> {
        self.details.take()
    }

    pub(crate) fn take_error(&mut self) -> Option<RunFailure> {
        self.error.take()
    }

    pub(crate) fn truncated(&self) -> bool {
        self.truncated
    }

    /// When the text gathered so far has to go out.
    pub(crate) fn flush_at(&self) -> Option<Instant> {
        self.gathering.as_ref().map(|gathering| gathering.since + FLUSH_AFTER)
    }

    /// Whether something waits for the sink.
    pub(crate) fn has_next(&self) -> bool {
        !self.ready.is_empty()
    }

    pub(crate) fn next(&mut self) -> Option<(EventKind, Value)> {
        self.ready.pop_front()
    }

    pub(crate) fn flush(&mut self) {
        let Some(Gathering { kind, text, .. }) = self.gathering.take() else {
            return;
        };
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (event, after) = rest.split_at(rest.floor_char_boundary(EVENT_TEXT_BYTES_MAX));
            self.ready.push_back((kind, json!({ "text": event })));
            rest = after;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(limit: u64) -> Output {
        let mut output = Output::default();
        output.begin(limit);
        output
    }

    fn events(output: &mut Output) -> Vec<(EventKind, Value)> {
        output.flush();
        std::iter::from_fn(|| output.next()).collect()
    }

    #[test]
    fn text_is_kept_in_full_up_to_the_limit_and_dropped_after() {
        let mut at = output(5);
        at.text(EventKind::Stdout, "12345");
        assert!(!at.truncated());
        assert_eq!(events(&mut at), [(EventKind::Stdout, json!({ "text": "12345" }))]);
        let mut past = output(5);
        past.text(EventKind::Stdout, "1234");
        past.text(EventKind::Stderr, "56");
        past.text(EventKind::Stdout, "7");
        assert!(past.truncated());
        assert_eq!(
            events(&mut past),
            [
                (EventKind::Stdout, json!({ "text": "1234" })),
                (EventKind::Stderr, json!({ "text": "5" }))
            ]
        );
    }

    #[test]
    fn a_character_is_never_cut() {
        let mut output = output(4);
        output.text(EventKind::Stdout, "aéé");
        assert!(output.truncated());
        assert_eq!(events(&mut output), [(EventKind::Stdout, json!({ "text": "aé" }))]);
    }

    #[test]
    fn streams_and_displays_stay_in_order_and_share_the_limit() {
        let mut output = output(20);
        output.text(EventKind::Stdout, "a");
        output.text(EventKind::Stdout, "b");
        output.bundle(EventKind::Display, r#"{"text/plain":"c"}"#);
        output.text(EventKind::Stderr, "d");
        assert_eq!(
            events(&mut output),
            [
                (EventKind::Stdout, json!({ "text": "ab" })),
                (EventKind::Display, json!({ "text/plain": "c" })),
            ]
        );
        assert!(output.truncated());
    }

    #[test]
    fn an_event_holds_at_most_64_kib_of_text() {
        let mut output = output(1 << 20);
        output.text(EventKind::Stdout, &"é".repeat(70_000));
        let sizes: Vec<usize> = events(&mut output)
            .iter()
            .filter_map(|(_, data)| data["text"].as_str().map(str::len))
            .collect();
        assert_eq!(sizes, [65_536, 65_536, 140_000 - 131_072]);
    }

    #[test]
    fn what_is_not_a_bundle_is_dropped() {
        let mut output = output(1_000);
        output.bundle(EventKind::Display, "[1]");
        output.bundle(EventKind::Display, "{");
        assert!(events(&mut output).is_empty());
    }
}
