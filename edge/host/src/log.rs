//! Structured log: one JSON line per event on standard error. Events carry names, ids, codes and counts; never user data, never secrets.

use std::io::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use selvedge_ports::Log;
use serde_json::{Map, Value};

/// Writes to standard error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stderr;

impl Log for Stderr {
    fn event(&self, name: &str, fields: &[(&str, &str)]) {
        let mut line = Map::new();
        let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        line.insert("at".to_owned(), Value::from(u64::try_from(at).unwrap_or(u64::MAX)));
        line.insert("event".to_owned(), Value::from(name));
        line.extend(fields.iter().map(|(key, value)| ((*key).to_owned(), Value::from(*value))));
        let mut text = Value::Object(line).to_string();
        text.push('\n');
        // A log that cannot be written must not stop the server.
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}

/// Write one event.
pub(crate) fn event(name: &str, fields: &[(&str, &str)]) {
    Stderr.event(name, fields);
}

/// Pass on a line that is a log line already, such as the node's.
pub(crate) fn line(line: &str) {
    let _ = std::io::stderr().lock().write_all(format!("{line}\n").as_bytes());
}
