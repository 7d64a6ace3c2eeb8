//! One JSON object per line on stderr: what the node did, never what users wrote.

use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

/// Something worth knowing.
pub(crate) fn info(message: &str, fields: Value) {
    write("info", message, fields);
}

/// Something that an operator should look at.
pub(crate) fn warn(message: &str, fields: Value) {
    write("warn", message, fields);
}

fn write(level: &str, message: &str, fields: Value) {
    let mut line = Map::new();
    line.insert("at".to_owned(), json!(now_ms()));
    line.insert("level".to_owned(), json!(level));
    line.insert("source".to_owned(), json!("node"));
    line.insert("message".to_owned(), json!(message));
    if let Value::Object(fields) = fields {
        line.extend(fields);
    }
    let mut text = Value::Object(line).to_string();
    text.push('\n');
    // A closed stderr is no reason to stop running cells.
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Milliseconds since the epoch.
pub(crate) fn now_ms() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX))
}
