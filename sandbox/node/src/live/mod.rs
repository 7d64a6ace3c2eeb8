//! Looking on at a run, live and straight from its node, for a browser that has a ticket for that from its edge: as server-sent events or over a
//! WebSocket. The edge's event log stays the one that counts; here is only what is nearer.

mod recent;
mod socket;
mod sse;

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::Incoming;

use crate::answer::{self, Answer};
use crate::events::Events;
use crate::server::Server;
use crate::ticket::{Refusal, Ticket};

pub(crate) use recent::Recent;

/// An answer that may go on for long.
pub(crate) type Stream = Response<UnsyncBoxBody<Bytes, Infallible>>;

/// The ways of looking on.
pub(crate) enum Look {
    /// `GET /v1/runs/{run}/events`
    Events(String),
    /// `GET /v1/runs/{run}/socket`
    Socket(String),
    /// The browser asks whether it may.
    Preflight,
}

impl Look {
    /// Is this request one of them?
    pub(crate) fn of(request: &Request<Incoming>) -> Option<Self> {
        let mut parts = request.uri().path().split('/').skip(1);
        let (first, second, run, last) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if (first, second, parts.next()) != ("v1", "runs", None) {
            return None;
        }
        match (request.method(), last) {
            (&Method::GET, "events") => Some(Self::Events(run.to_owned())),
            (&Method::OPTIONS, "events") => Some(Self::Preflight),
            (&Method::GET, "socket") => Some(Self::Socket(run.to_owned())),
            _ => None,
        }
    }
}

/// Why somebody may not look on.
struct NoLook {
    code: &'static str,
    message: String,
    answer: Answer,
}

impl From<Refusal> for NoLook {
    fn from(refusal: Refusal) -> Self {
        Self {
            code: refusal.code(),
            message: refusal.to_string(),
            answer: refusal.into(),
        }
    }
}

/// What the bearer of this ticket may look at.
async fn open(run: &str, ticket: &str, server: &Server) -> Result<Arc<Events>, NoLook> {
    if Ticket::check_stream(ticket, &server.keys).await? != run {
        return Err(Refusal::Other.into());
    }
    let (code, message) = (
        "run.unknown",
        "No such run is on this node, or it ended a while ago: its edge has its events.",
    );
    server.runs.events(run).ok_or_else(|| NoLook {
        code,
        message: message.to_owned(),
        answer: answer::error(StatusCode::NOT_FOUND, code, message, None),
    })
}

/// Answer it. Pages of the edge may ask, pages of others may not.
pub(crate) async fn answer(look: Look, request: Request<Incoming>, server: &Arc<Server>) -> Stream {
    let origin = request.headers().get(header::ORIGIN).cloned();
    if origin
        .as_ref()
        .is_some_and(|origin| origin.as_bytes() != server.edge.origin().as_bytes())
    {
        let message = "Only pages of this node's edge may look on.";
        return whole(answer::error(StatusCode::FORBIDDEN, "origin.foreign", message, None));
    }
    let mut answer = match look {
        Look::Events(run) => sse::answer(&run, &request, server).await.unwrap_or_else(|no| whole(no.answer)),
        Look::Socket(run) => socket::answer(run, request, server),
        Look::Preflight => preflight(),
    };
    if let Some(origin) = origin {
        let headers = answer.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::VARY, HeaderValue::from_static("origin"));
    }
    answer
}

fn preflight() -> Stream {
    let mut answer = whole(answer::empty(StatusCode::NO_CONTENT));
    let headers = answer.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET"));
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static("authorization, last-event-id"),
    );
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    answer
}

/// An answer that is there all at once.
pub(crate) fn whole(answer: Answer) -> Stream {
    answer.map(BodyExt::boxed_unsync)
}
