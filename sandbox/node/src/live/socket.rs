//! A WebSocket. The first message is the client's: `{"ticket", "after"}`; the ticket is in no URL, so it is in nobody's log. Then come
//! `{"event": …}` for each event and `{"ended": outcome}`, and the connection closes. A refusal is `{"error": {"code", "message"}}`.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, header};
use hyper::body::Incoming;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::{Stream, open, whole};
use crate::answer;
use crate::events::Events;
use crate::server::Server;

/// How long the client may take to show its ticket.
const PATIENCE: Duration = Duration::from_secs(5);
/// Longest message that a client may send: a ticket and some room.
const MESSAGE_BYTES_MAX: usize = 16 << 10;
/// A ping this often shows whoever is in between that the connection is in use.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// What the client says first.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hello {
    ticket: String,
    /// Number of the last event that it has seen.
    #[serde(default)]
    after: usize,
}

pub(super) fn answer(run: String, mut request: Request<Incoming>, server: &Arc<Server>) -> Stream {
    let Some(accept) = accept(request.headers()) else {
        let mut refused = answer::error(
            StatusCode::UPGRADE_REQUIRED,
            "socket.required",
            "This path speaks WebSocket, version 13.",
            None,
        );
        refused.headers_mut().insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        return whole(refused);
    };
    let (upgraded, server) = (hyper::upgrade::on(&mut request), server.clone());
    tokio::spawn(async move {
        if let Ok(upgraded) = upgraded.await {
            let config = WebSocketConfig::default()
                .max_message_size(Some(MESSAGE_BYTES_MAX))
                .max_frame_size(Some(MESSAGE_BYTES_MAX));
            let mut socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
            // Whatever goes wrong with one connection concerns nobody else.
            let _ = serve(&run, &mut socket, &server).await;
            let _ = socket.close(None).await;
        }
    });
    let mut switching = answer::empty(StatusCode::SWITCHING_PROTOCOLS);
    let headers = switching.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    whole(switching)
}

/// The answer to a client that asks for a WebSocket as RFC 6455 says.
fn accept(headers: &HeaderMap) -> Option<HeaderValue> {
    let names = |name: HeaderName, wanted: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        value.split(',').any(|part| part.trim().eq_ignore_ascii_case(wanted))
    };
    let asks = names(header::CONNECTION, "upgrade") && names(header::UPGRADE, "websocket") && names(header::SEC_WEBSOCKET_VERSION, "13");
    let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|_| asks)?;
    HeaderValue::from_str(&derive_accept_key(key.as_bytes())).ok()
}

async fn serve(run: &str, socket: &mut Socket, server: &Server) -> Result<(), Error> {
    let refuse = |code: &str, message: &str| json!({ "error": { "code": code, "message": message } });
    let Some(Hello { ticket, after }) = hello(socket).await else {
        let message = "The first message is {\"ticket\", \"after\"}, within five seconds.";
        return say(socket, &refuse("socket.malformed", message)).await;
    };
    match open(run, &ticket, server).await {
        Ok(events) => send(&events, after, socket).await,
        Err(no) => say(socket, &refuse(no.code, &no.message)).await,
    }
}

async fn hello(socket: &mut Socket) -> Option<Hello> {
    match timeout(PATIENCE, socket.next()).await {
        Ok(Some(Ok(Message::Text(text)))) => serde_json::from_str(&text).ok(),
        _ => None,
    }
}

/// Until the run has ended or the client has gone.
async fn send(events: &Events, mut seen: usize, socket: &mut Socket) -> Result<(), Error> {
    loop {
        let (more, outcome) = events.after(seen);
        for event in more {
            seen += 1;
            let text = String::from_utf8_lossy(&event);
            socket.send(Message::text(format!("{{\"event\":{text}}}"))).await?;
        }
        if let Some(outcome) = outcome {
            return say(socket, &json!({ "ended": outcome })).await;
        }
        tokio::select! {
            () = events.grown(seen) => {}
            // Reading is what answers pings and notices that the client closes; what it says is of no interest.
            message = socket.next() => match message {
                None | Some(Ok(Message::Close(_))) => return Ok(()),
                Some(message) => drop(message?),
            },
            () = sleep(SIGN_OF_LIFE) => socket.send(Message::Ping(Bytes::new())).await?,
        }
    }
}

async fn say(socket: &mut Socket, message: &Value) -> Result<(), Error> {
    socket.send(Message::text(message.to_string())).await
}
