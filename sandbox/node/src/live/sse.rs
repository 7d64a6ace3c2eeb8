//! Server-sent events. `id` is the event's number, `event` its kind, `data` the event as in a report; the last one is `ended` with the outcome.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, header};
use http_body_util::BodyExt;
use http_body_util::channel::{Channel, Sender};
use hyper::body::Incoming;
use tokio::time::timeout;

use super::{NoLook, Stream, open};
use crate::events::Events;
use crate::server::Server;
use crate::ticket::bearer;

/// A comment this often shows whoever is in between that the connection is in use.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// Events that wait for a slow reader; more stay in the run's own list.
const AHEAD: usize = 16;

pub(super) async fn answer(run: &str, request: &Request<Incoming>, server: &Server) -> Result<Stream, NoLook> {
    let headers = request.headers();
    let events = open(run, bearer(headers.get(header::AUTHORIZATION))?, server).await?;
    let seen = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok()?.parse().ok())
        .unwrap_or(0);
    let (sender, body) = Channel::new(AHEAD);
    tokio::spawn(send(events, seen, sender));
    let mut answer = Response::new(body.boxed_unsync());
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}

/// Until the run has ended or the reader has gone.
async fn send(events: Arc<Events>, mut seen: usize, mut sender: Sender<Bytes>) {
    loop {
        let (more, outcome) = events.after(seen);
        for event in more {
            seen += 1;
            let head = format!("id: {seen}\nevent: {}\ndata: ", kind(&event));
            let frame = [head.as_bytes(), &event, b"\n\n"].concat();
            if sender.send_data(frame.into()).await.is_err() {
                return;
            }
        }
        if let Some(outcome) = outcome.and_then(|outcome| serde_json::to_string(&outcome).ok()) {
            let _ = sender.send_data(format!("event: ended\ndata: {outcome}\n\n").into()).await;
            return;
        }
        let quiet = timeout(SIGN_OF_LIFE, events.grown(seen)).await.is_err();
        if quiet && sender.send_data(Bytes::from_static(b":\n\n")).await.is_err() {
            return;
        }
    }
}

/// The kind's name as the event's JSON has it.
fn kind(event: &[u8]) -> String {
    #[derive(serde::Deserialize)]
    struct Kind {
        kind: String,
    }
    serde_json::from_slice::<Kind>(event).map_or_else(|_| "message".to_owned(), |event| event.kind)
}
