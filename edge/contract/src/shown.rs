//! What events of kind `display` ask for: to show something more, something else in its place, or nothing of what was shown before.

use serde_json::Value;

/// One `display` event, read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Display<'a> {
    /// Shown after everything else; what has a name can be replaced later.
    New {
        /// Its name.
        id: Option<&'a str>,
    },
    /// Takes the place of everything that was shown under this name; of nothing when nothing was.
    Replace {
        /// The name.
        id: &'a str,
    },
    /// What the run has shown so far is removed.
    Clear {
        /// Only when something new is there to take its place.
        wait: bool,
    },
}

impl<'a> Display<'a> {
    /// From an event's `data`: `{"data", "metadata", "display_id"?, "update"?, "clear"?, "wait"?}`.
    pub fn read(event: &'a Value) -> Self {
        let is = |key: &str| event.get(key).and_then(Value::as_bool).unwrap_or(false);
        let id = event.get("display_id").and_then(Value::as_str);
        match id {
            _ if is("clear") => Self::Clear { wait: is("wait") },
            Some(id) if is("update") => Self::Replace { id },
            id => Self::New { id },
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn events_say_what_they_ask_for() {
        assert_eq!(Display::read(&json!({"data": {}, "metadata": {}})), Display::New { id: None });
        assert_eq!(
            Display::read(&json!({"data": {}, "display_id": "a"})),
            Display::New { id: Some("a") }
        );
        assert_eq!(
            Display::read(&json!({"data": {}, "display_id": "a", "update": true})),
            Display::Replace { id: "a" }
        );
        assert_eq!(
            Display::read(&json!({"data": {}, "clear": true, "wait": true})),
            Display::Clear { wait: true }
        );
        assert_eq!(Display::read(&json!({"data": {}, "clear": true})), Display::Clear { wait: false });
    }
}
