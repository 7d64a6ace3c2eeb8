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
use selvedge_protocol::id;
use selvedge_protocol::limits::{ORDER_BYTES_MAX, STDIN_BYTES_MAX};
use serde::Deserialize;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::admission;
use crate::answer::{self, Answer};
use crate::ask;
use crate::config::Capacity;
use crate::dialogue::NoLine;
use crate::edge::Edge;
use crate::kernel_api::Operation;
use crate::keys::Keys;
use crate::live::{self, Look, Stream};
use crate::log;
use crate::runs::Runs;
use crate::status::{State, Status};
use crate::ticket::Ticket;

/// Open connections; more wait.
const CONNECTIONS_MAX: usize = 1024;
/// How long the head, and then the body, of a request may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// Pause after the system has refused a connection (for example for lack of file descriptors).
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The action of tickets for orders and cancellations; those for anything else name it as the path does.
const PLACE: &str = "";

/// Body of a line for a run.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    text: String,
}

/// What requests are answered with.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) edge: Arc<Edge>,
    pub(crate) keys: Keys,
    pub(crate) runs: Arc<Runs>,
    pub(crate) region: String,
    pub(crate) capacity: Capacity,
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
            (&Method::GET | &Method::HEAD, ["health", "ready"]) => self.status(),
            (&Method::POST, ["v1", "runs"]) => self.place(request).await.unwrap_or_else(|refused| refused),
            (&Method::POST, ["v1", "runs", run, "cancel"]) => self.cancel(run, request).await.unwrap_or_else(|refused| refused),
            (&Method::POST, ["v1", "runs", run, "input"]) => self.input(run, request).await.unwrap_or_else(|refused| refused),
            (&Method::POST, ["v1", "kernels", kernel, "ask"]) => self.ask(kernel, request).await.unwrap_or_else(|refused| refused),
            (_, ["v1", "runs"] | ["v1", "runs", _, "cancel" | "input"] | ["v1", "kernels", _, "ask"] | ["health", "live" | "ready"]) => {
                other_method()
            }
            (method, ["v1", "kernels", kernel, what]) => match Operation::of(what) {
                Some(operation) if *method == Method::POST => {
                    let kernel = (*kernel).to_owned();
                    self.operate(operation, &kernel, request).await.unwrap_or_else(|refused| refused)
                }
                Some(_) => other_method(),
                None => unknown(),
            },
            _ => unknown(),
        }
    }

    fn status(&self) -> Answer {
        let (state, guests) = (self.runs.state(), self.runs.guests());
        let status = Status {
            status: state,
            region: &self.region,
            version: env!("CARGO_PKG_VERSION"),
            capacity: self.capacity.into(),
            load: self.runs.load(),
            kernels: guests.awake(),
            cordons: guests.health(),
            hardening: guests.layers(),
        };
        let code = match state {
            State::Ready => StatusCode::OK,
            State::Draining | State::NotReady => StatusCode::SERVICE_UNAVAILABLE,
        };
        answer::json(code, &json!(status))
    }

    async fn place(&self, request: Request<Incoming>) -> Result<Answer, Answer> {
        let ticket = self.ticket(&request).await?;
        let body = body(request).await?;
        ticket.permits(PLACE, ticket.run(), &body)?;
        let (order, path) = admission::parse(&body, &self.edge)?;
        ticket.permits(PLACE, &order.run, &body)?;
        let run = order.run.clone();
        self.runs.place(order, path)?;
        Ok(answer::json(StatusCode::ACCEPTED, &json!({ "run": run })))
    }

    async fn cancel(&self, run: &str, request: Request<Incoming>) -> Result<Answer, Answer> {
        let ticket = self.ticket(&request).await?;
        ticket.permits(PLACE, run, &body(request).await?)?;
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

    async fn input(&self, run: &str, request: Request<Incoming>) -> Result<Answer, Answer> {
        let ticket = self.ticket(&request).await?;
        let body = body(request).await?;
        ticket.permits("input", run, &body)?;
        let Input { text } = serde_json::from_slice(&body).map_err(|error| {
            let message = format!("The line cannot be read: {error}.");
            answer::error(StatusCode::BAD_REQUEST, "input.malformed", &message, None)
        })?;
        if text.len() as u64 > STDIN_BYTES_MAX {
            let message = format!("At most {STDIN_BYTES_MAX} bytes of UTF-8; these are {}.", text.len());
            return Err(answer::error(
                StatusCode::PAYLOAD_TOO_LARGE,
                "input.too_large",
                &message,
                Some("text"),
            ));
        }
        match self.runs.input(run, text) {
            Some(Ok(())) => Ok(answer::json(StatusCode::ACCEPTED, &json!({ "run": run }))),
            Some(Err(NoLine::NotInteractive)) => Err(answer::error(
                StatusCode::CONFLICT,
                "input.nobody_asks",
                "This run was ordered without anybody to answer it.",
                None,
            )),
            Some(Err(NoLine::Full)) => Err(answer::error(
                StatusCode::TOO_MANY_REQUESTS,
                "input.full",
                "Too many lines wait for this run already.",
                None,
            )),
            None => Err(answer::error(
                StatusCode::NOT_FOUND,
                "run.unknown",
                "No such run goes on at this node.",
                None,
            )),
        }
    }

    async fn ask(&self, kernel: &str, request: Request<Incoming>) -> Result<Answer, Answer> {
        let ticket = self.ticket(&request).await?;
        let body = body(request).await?;
        ticket.permits("ask", kernel, &body)?;
        if !id::is_kernel(kernel) {
            let message = "That is not the id of a kernel.";
            return Err(answer::error(StatusCode::BAD_REQUEST, "ask.malformed", message, Some("kernel")));
        }
        let answer = self.runs.ask(kernel, ask::parse(&body)?).await?;
        Ok(answer::json(StatusCode::OK, &answer))
    }

    pub(crate) async fn ticket(&self, request: &Request<Incoming>) -> Result<Ticket, Answer> {
        Ok(Ticket::check(request.headers().get(header::AUTHORIZATION), &self.keys).await?)
    }
}

fn other_method() -> Answer {
    answer::error(
        StatusCode::METHOD_NOT_ALLOWED,
        "route.method",
        "This path does not answer to this method.",
        None,
    )
}

fn unknown() -> Answer {
    answer::error(
        StatusCode::NOT_FOUND,
        "route.unknown",
        "There is nothing here; see docs/node-protocol.md.",
        None,
    )
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
