//! Run events as server-sent events (HTML standard, section 9.2). The native host writes the streams that it takes over with the same functions.

use bytes::Bytes;
use selvedge_ports::shapes::RunEvent;

use crate::present;

/// `Content-Type` of a stream.
pub const CONTENT_TYPE: &str = "text/event-stream";
/// The first frame: how long a client waits before it connects again.
pub const RETRY: &str = "retry: 1000\n\n";
/// A comment that keeps proxies from closing a silent stream.
pub const KEEP_ALIVE: &str = ": keep-alive\n\n";
/// A stream that has been silent for this long gets [`KEEP_ALIVE`].
pub const KEEP_ALIVE_MS: u64 = 15_000;
/// On an empty 200 answer: `<run> <after>`. The host serves the stream of that run's events after that number.
pub const OFFLOAD_HEADER: &str = "x-selvedge-stream";

/// One event. Its JSON is written on one line.
pub fn frame(run: &str, event: &RunEvent) -> Bytes {
    let shown = present::event(run, event);
    let data = serde_json::to_string(&shown).unwrap_or_default();
    Bytes::from(format!("id: {}\nevent: {}\ndata: {data}\n\n", shown.seq, shown.kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use selvedge_ports::shapes::EventKind;

    #[test]
    fn an_event_is_one_frame_even_with_line_breaks_in_its_stored_json() {
        let event = RunEvent {
            seq: 2,
            kind: EventKind::Stdout,
            at: 0,
            data: "{\n\"text\": \"a\\n\\nb\"}".to_owned(),
        };
        let frame = String::from_utf8(frame("run_1", &event).to_vec()).unwrap();
        assert_eq!(
            frame,
            "id: 2\nevent: stdout\ndata: {\"id\":\"run_1\",\"seq\":2,\"kind\":\"stdout\",\"subject\":\"/api/v1/runs/run_1\",\
             \"at\":\"1970-01-01T00:00:00.000Z\",\"data\":{\"text\":\"a\\n\\nb\"}}\n\n"
        );
    }
}
