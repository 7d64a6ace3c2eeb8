use selvedge_engine::EventKind;
use selvedge_protocol::EventKind::{Stderr, Stdout};
use serde_json::Value;

/// Hashes what a run says. Text is cut into events by time, so text of one stream in a row counts as one.
pub(crate) struct Said {
    hasher: blake3::Hasher,
    text: Option<(EventKind, String)>,
}

impl Said {
    pub(crate) fn new() -> Self {
        Self {
            hasher: blake3::Hasher::new_derive_key("selvedge output 1"),
            text: None,
        }
    }

    pub(crate) fn event(&mut self, kind: EventKind, data: &Value) {
        match (kind, data.get("text").and_then(Value::as_str)) {
            (EventKind::Started, _) => {}
            (Stdout | Stderr, Some(more)) => match &mut self.text {
                Some((stream, text)) if *stream == kind => text.push_str(more),
                _ => {
                    self.flush();
                    self.text = Some((kind, more.to_owned()));
                }
            },
            _ => {
                self.flush();
                self.add(kind, &data.to_string());
            }
        }
    }

    pub(crate) fn finish(mut self) -> String {
        self.flush();
        self.hasher.finalize().to_hex().to_string()
    }

    fn flush(&mut self) {
        if let Some((kind, text)) = self.text.take() {
            self.add(kind, &text);
        }
    }

    fn add(&mut self, kind: EventKind, content: &str) {
        let name = serde_json::to_string(&kind).unwrap_or_default();
        for part in [name.as_str(), content] {
            self.hasher.update(&(part.len() as u64).to_le_bytes());
            self.hasher.update(part.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn hash(events: &[(EventKind, Value)]) -> String {
        let mut said = Said::new();
        for (kind, data) in events {
            said.event(*kind, data);
        }
        said.finish()
    }

    #[test]
    fn how_text_is_cut_does_not_matter_and_everything_else_does() {
        let text = |kind, text: &str| (kind, json!({ "text": text }));
        let whole = hash(&[text(Stdout, "ab"), text(Stderr, "c")]);
        assert_eq!(hash(&[text(Stdout, "a"), text(Stdout, "b"), text(Stderr, "c")]), whole);
        for other in [
            vec![text(Stdout, "abc")],
            vec![text(Stdout, "a"), text(Stderr, "c"), text(Stdout, "b")],
            vec![text(Stdout, "ab"), text(Stderr, "c"), (EventKind::Value, json!({}))],
        ] {
            assert_ne!(hash(&other), whole);
        }
    }
}
