//! What a worker says on its stderr. It may be anything and without end: somebody may have taken the worker over.

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

use crate::log;

/// Longest line that is kept; the rest of it is dropped.
const LINE_BYTES_MAX: usize = 4096;
/// Lines of one process that are logged. A healthy one says one, when it ends.
const LINES_MAX: usize = 100;

/// Passes a worker's lines on to the node's log until its stderr is closed; gives the last one, which explains an early end.
pub(super) async fn pass_on(errors: impl AsyncRead + Unpin) -> String {
    let mut errors = BufReader::new(errors);
    let mut last = String::new();
    let mut lines = 0;
    while let Some(line) = line(&mut errors).await {
        last = match serde_json::from_str(&line) {
            Ok(Value::Object(fields)) => fields.get("message").and_then(Value::as_str).unwrap_or_default().to_owned(),
            _ => line,
        };
        lines += 1;
        if lines <= LINES_MAX {
            log::warn("the worker says", json!({ "line": last }));
        }
    }
    if lines > LINES_MAX {
        log::warn("the worker said more than is logged", json!({ "lines": lines }));
    }
    last
}

/// The next line, as far as it is kept; none at the end.
async fn line(input: &mut (impl AsyncBufReadExt + Unpin)) -> Option<String> {
    let mut kept = Vec::new();
    let mut began = false;
    loop {
        let bytes = input.fill_buf().await.unwrap_or_default();
        if bytes.is_empty() {
            return began.then(|| String::from_utf8_lossy(&kept).into_owned());
        }
        began = true;
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let text = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
        kept.extend(text.iter().take(LINE_BYTES_MAX.saturating_sub(kept.len())));
        let taken = end.map_or(bytes.len(), |end| end + 1);
        input.consume(taken);
        if end.is_some() {
            return Some(String::from_utf8_lossy(&kept).into_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_come_one_by_one_and_a_long_one_is_cut_without_taking_the_next_along() {
        let long = "x".repeat(3 * LINE_BYTES_MAX);
        let said = format!("one\n\n{long}\nlast");
        let mut input = BufReader::with_capacity(7, said.as_bytes());
        let mut lines = Vec::new();
        while let Some(line) = line(&mut input).await {
            lines.push(line);
        }
        assert_eq!(lines, ["one", "", &long[..LINE_BYTES_MAX], "last"]);
    }

    #[tokio::test]
    async fn the_last_line_is_the_reason_and_its_message_counts_when_it_is_of_the_log() {
        assert_eq!(pass_on(&b"first\n{\"message\":\"why\"}\n"[..]).await, "why");
        assert_eq!(pass_on(&b""[..]).await, "");
    }
}
