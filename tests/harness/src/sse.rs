//! Server-sent events (WHATWG HTML §9.2), read to their end.

use std::io::{BufRead, BufReader};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::client::{Answer, Call, Client, head};

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerEvent {
    /// `id:`
    pub id: String,
    /// `event:`, `message` when there is none.
    pub event: String,
    /// The `data:` lines, joined by line breaks.
    pub data: String,
}

impl ServerEvent {
    /// The data as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.data).with_context(|| format!("the data of event {} is not JSON: {}", self.id, self.data))
    }
}

/// The events of one stream until `is_last` or its end. The answer's body stays empty when it was a stream; other answers are read whole.
pub fn collect(client: &Client, call: &Call, is_last: impl Fn(&ServerEvent) -> bool) -> Result<(Answer, Vec<ServerEvent>)> {
    let call = call.clone().header("accept", "text/event-stream");
    let response = client.open(&call)?;
    let (status, headers) = head(&response);
    let mut answer = Answer {
        status,
        headers,
        body: Vec::new(),
    };
    if !answer
        .header("content-type")
        .is_some_and(|kind| kind.starts_with("text/event-stream"))
    {
        answer.body = response.into_body().read_to_vec().context("read the answer")?;
        return Ok((answer, Vec::new()));
    }
    let mut events = Vec::new();
    let mut reader = Reader::new(BufReader::new(response.into_body().into_reader()));
    while let Some(event) = reader.next_event()? {
        let last = is_last(&event);
        events.push(event);
        if last {
            break;
        }
    }
    Ok((answer, events))
}

/// Takes events out of a byte stream.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
}

impl<R: BufRead> Reader<R> {
    /// Reads from here.
    pub const fn new(input: R) -> Self {
        Self { input }
    }

    /// The next event; none at the end of the stream. Comments and events without data are skipped, as a browser skips them.
    pub fn next_event(&mut self) -> Result<Option<ServerEvent>> {
        let mut event = ServerEvent {
            event: "message".to_owned(),
            ..ServerEvent::default()
        };
        let mut data: Option<String> = None;
        let mut line = String::new();
        loop {
            line.clear();
            if self.input.read_line(&mut line).context("read the event stream")? == 0 {
                return Ok(None);
            }
            let text = line.trim_end_matches(['\r', '\n']);
            if text.is_empty() {
                if let Some(data) = data.take() {
                    return Ok(Some(ServerEvent { data, ..event }));
                }
                event = ServerEvent {
                    event: "message".to_owned(),
                    ..ServerEvent::default()
                };
                continue;
            }
            let (field, value) = text.split_once(':').unwrap_or((text, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "id" => value.clone_into(&mut event.id),
                "event" => value.clone_into(&mut event.event),
                "data" => match &mut data {
                    Some(data) => {
                        data.push('\n');
                        data.push_str(value);
                    }
                    None => data = Some(value.to_owned()),
                },
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_as_a_browser_reads_them() {
        let text = ": keep-alive\n\nid: 1\nevent: stdout\ndata: {\"a\":\ndata: 1}\n\nid:2\ndata\n\nevent: never ended";
        let mut reader = Reader::new(text.as_bytes());
        let first = reader.next_event().unwrap().unwrap();
        assert_eq!((first.id.as_str(), first.event.as_str()), ("1", "stdout"));
        assert_eq!(first.json().unwrap(), serde_json::json!({"a": 1}));
        let second = reader.next_event().unwrap().unwrap();
        assert_eq!(
            (second.id.as_str(), second.event.as_str(), second.data.as_str()),
            ("2", "message", "")
        );
        assert_eq!(reader.next_event().unwrap(), None);
    }
}
