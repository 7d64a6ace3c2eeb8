//! The node's HTTP API: orders, cancellations, health. Nothing but health answers without a ticket.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use selvedge_protocol::limits::ORDER_BYTES_MAX;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::admission;
use crate::answer::{self, Answer};
use crate::edge::Edge;
use crate::keys::Keys;
use crate::live::{self, Look, Stream};
use crate::log;
use crate::runs::Runs;
use crate::ticket::Ticket;

/// Open connections; more wait.
const CONNECTIONS_MAX: usize = 1024;
/// How long the head, and then the body, of a request may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// Pause after the system has refused a connection (for example for lack of file descriptors).
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What requests are answered with.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) edge: Arc<Edge>,
    pub(crate) keys: Keys,
    pub(crate) runs: Arc<Runs>,
}

impl Server {
    /// Accept connections until dropped.
    pub(crate) async fn accept(self: Arc<Self>, listener: TcpListener) {
        let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        let mut connections = JoinSet::new();
        loop {
            while connections.try_join_next().is_some() {}
            let Ok(place) = places.clone().acquire_owned().await else { return };
            match listener.accept().await {
                Ok((stream, _)) => {
                    let server = self.clone();
                    connections.spawn(async move {
                        server.serve(stream).await;
                        drop(place);
                    });
                }
                Err(error) => {
                    log::warn("a connection could not be accepted", json!({ "error": error.to_string() }));
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    async fn serve(self: Arc<Self>, stream: TcpStream) {
        // An answer of one packet must not wait for an acknowledgement.
        let _ = stream.set_nodelay(true);
        let service = service_fn(move |request| {
            let server = self.clone();
            async move { Ok::<_, Infallible>(server.stream(request).await) }
        });
        // Whatever goes wrong with one connection is the other side's doing and concerns nobody else.
        let _ = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(PATIENCE)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades()
            .await;
    }

    async fn stream(self: Arc<Self>, request: Request<Incoming>) -> Stream {
        match Look::of(&request) {
            Some(look) => live::answer(look, request, &self).await,
            None => live::whole(self.answer(request).await),
        }
    }

    async fn answer(&self, request: Request<Incoming>) -> Answer {
        let path = request.uri().path().to_owned();
        let parts: Vec<_> = path.split('/').skip(1).collect();
        let method = request.method().clone();
        match (&method, parts.as_slice()) {
            (&Method::GET | &Method::HEAD, ["health", "live"]) => answer::json(StatusCode::OK, &json!({ "status": "live" })),
            (&Method::GET | &Method::HEAD, ["health", "ready"]) if self.runs.is_ready() => {
                let guests = self.runs.guests();
                let body = json!({ "status": "ready", "cordons": guests.health(), "hardening": guests.layers() });
                answer::json(StatusCode::OK, &body)
            }
            (&Method::GET | &Method::HEAD, ["health", "ready"]) => answer::error(
                StatusCode::SERVICE_UNAVAILABLE,
                "node.not_ready",
                "No guest process is ready to take runs.",
                None,
            ),
            (&Method::POST, ["v1", "runs"]) => self.place(request).await.unwrap_or_else(|refused| refused),
            (&Method::POST, ["v1", "runs", run, "cancel"]) => self.cancel(run, request).await.unwrap_or_else(|refused| refused),
            (_, ["v1", "runs"] | ["v1", "runs", _, "cancel"] | ["health", "live" | "ready"]) => answer::error(
                StatusCode::METHOD_NOT_ALLOWED,
                "route.method",
                "This path does not answer to this method.",
                None,
            ),
            _ => answer::error(
                StatusCode::NOT_FOUND,
                "route.unknown",
                "There is nothing here; see docs/node-protocol.md.",
                None,
            ),
        }
    }

    async fn place(&self, request: Request<Incoming>) -> Result<Answer, Answer> {
        let ticket = self.ticket(&request).await?;
        let body = body(request).await?;
        ticket.permits(ticket.run(), &body)?;
        let (order, path) = admission::parse(&body, &self.edge)?;
        ticket.permits(&order.run, &body)?;
        let run = order.run.clone();
        self.runs.place(order, path)?;
        Ok(answer::json(StatusCode::ACCEPTED, &json!({ "run": run })))
    }

    async fn cancel(&self, run: &str, request: Request<Incoming>) -> Result<Answer, Answer> {
        let ticket = self.ticket(&request).await?;
        ticket.permits(run, &body(request).await?)?;
        if self.runs.cancel(run) {
            Ok(answer::json(StatusCode::ACCEPTED, &json!({ "run": run })))
        } else {
            Err(answer::error(
                StatusCode::NOT_FOUND,
                "run.unknown",
                "No such run is on this node, or it ended long ago.",
                None,
            ))
        }
    }

    async fn ticket(&self, request: &Request<Incoming>) -> Result<Ticket, Answer> {
        Ok(Ticket::check(request.headers().get(header::AUTHORIZATION), &self.keys).await?)
    }
}

/// The body, no larger than the largest order.
async fn body(request: Request<Incoming>) -> Result<Bytes, Answer> {
    let too_large = || {
        let message = format!("An order has at most {ORDER_BYTES_MAX} bytes.");
        answer::error(StatusCode::PAYLOAD_TOO_LARGE, "order.too_large", &message, None)
    };
    if request.body().size_hint().lower() > ORDER_BYTES_MAX {
        return Err(too_large());
    }
    let most = usize::try_from(ORDER_BYTES_MAX).unwrap_or(usize::MAX);
    match tokio::time::timeout(PATIENCE, Limited::new(request.into_body(), most).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(_)) => Err(answer::error(
            StatusCode::BAD_REQUEST,
            "order.incomplete",
            "The body ended early.",
            None,
        )),
        Err(_) => Err(answer::error(
            StatusCode::REQUEST_TIMEOUT,
            "order.slow",
            "The body took too long.",
            None,
        )),
    }
}
