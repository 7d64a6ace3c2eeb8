//! HTTP/1.1: connections, and who answers a request: the site's files, the component, or an event stream.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderValue, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS};
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use selvedge_api::assets;
use selvedge_contract::{ErrorBody, ErrorEnvelope, Health};
use selvedge_database::Embedded;
use selvedge_ports::id;
use serde::Serialize;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::body::HostBody;
use crate::component::{Edge, Refusal};
use crate::log;
use crate::site::Site;
use crate::stopping::{ANSWERS_WITHIN, Stopping};
use crate::stream::{Streams, Wanted};
use crate::upload::{Incomplete, Upload};

/// A client has this long to send a request's head; also how long an idle connection is kept.
const HEAD_WITHIN: Duration = Duration::from_secs(75);
/// Connections at a time. More wait in the kernel's queue.
const CONNECTIONS_MAX: usize = 8_192;
/// Pause after a refused accept, such as for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What answers requests.
pub(crate) struct Server {
    pub(crate) edge: Edge,
    pub(crate) site: Site,
    pub(crate) streams: Streams,
    pub(crate) database: Arc<Embedded>,
}

/// Answered by the component, unless the host knows better.
const READY: &str = "/health/ready";

impl Server {
    /// Serve until the host ends, then let answers under way end.
    pub(crate) async fn serve(self: Arc<Self>, listener: TcpListener, mut stopping: Stopping) {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept(), if connections.len() < CONNECTIONS_MAX => match accepted {
                    Ok((connection, _)) => {
                        connections.spawn(Arc::clone(&self).connection(connection, stopping.clone()));
                    }
                    Err(error) => {
                        log::event("accept.failed", &[("error", &error.to_string())]);
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                },
                Some(_) = connections.join_next() => {}
                () = stopping.asked() => break,
            }
        }
        drop(listener);
        let all = async { while connections.join_next().await.is_some() {} };
        // What does not end in time is cut off when the set is dropped.
        let _ = tokio::time::timeout(ANSWERS_WITHIN, all).await;
    }

    async fn connection(self: Arc<Self>, connection: TcpStream, mut stopping: Stopping) {
        // Without it the last packet of an answer may wait for the client's acknowledgement.
        let _ = connection.set_nodelay(true);
        let service = service_fn(move |request| {
            let server = Arc::clone(&self);
            async move { Ok::<_, Infallible>(server.answer(request).await) }
        });
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(HEAD_WITHIN).half_close(false);
        let mut serving = std::pin::pin!(builder.serve_connection(TokioIo::new(connection), service));
        // An error is a client that left or that does not speak HTTP: nothing to be done about either.
        tokio::select! {
            _ = serving.as_mut() => {}
            () = stopping.asked() => {
                serving.as_mut().graceful_shutdown();
                let _ = serving.await;
            }
        }
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<HostBody> {
        let path = request.uri().path();
        if path.starts_with(assets::PREFIX) {
            return self.site.answer(request.method(), path, request.headers()).map(HostBody::Whole);
        }
        if path == READY && self.database.stopped().is_some() {
            return self.not_ready();
        }
        let request = match Upload::take(request).await {
            Ok(request) => request,
            Err(Incomplete) => return closing(self.refusal(&Refusal::Malformed)),
        };
        let is_stream = request.body().is_stream();
        let response = match self.edge.answer(request).await {
            Ok(mut response) => match Wanted::take(response.headers_mut()) {
                None => response.map(HostBody::Guest),
                Some(wanted) => {
                    let (head, body) = response.into_parts();
                    body.take_over();
                    self.streams.serve(wanted, head.headers).map(HostBody::Events)
                }
            },
            Err(why) => self.refusal(&why),
        };
        if is_stream { closing(response) } else { response }
    }

    /// The component sees that it can read; that nothing is written any more is known here, and the log says why.
    fn not_ready(&self) -> Response<HostBody> {
        let health = Health {
            status: "unavailable".to_owned(),
            database: Some("read-only".to_owned()),
            node: None,
        };
        json(StatusCode::SERVICE_UNAVAILABLE, &health)
    }

    /// The API's error envelope, from outside of the component.
    fn refusal(&self, why: &Refusal) -> Response<HostBody> {
        let (status, code, message) = match why {
            Refusal::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                "server.busy",
                "Too many requests are under way. Nothing was changed; try again in a second.",
            ),
            Refusal::Malformed => (
                StatusCode::BAD_REQUEST,
                "request.malformed",
                "The request names no host, or its body did not come whole.",
            ),
            Refusal::Failed => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "server.failed",
                "The request failed inside the server. Look whether it took effect before you repeat it.",
            ),
        };
        let platform = &self.streams.platform;
        let request_id = id::new(id::Kind::Request, &*platform.clock, &*platform.entropy);
        log::event("request.refused", &[("code", code), ("request_id", &request_id)]);
        let docs = format!("{}/docs/errors/{code}", platform.config.public_url);
        let error = ErrorBody {
            code: code.to_owned(),
            message: message.to_owned(),
            field: None,
            request_id,
            docs,
        };
        json(status, &ErrorEnvelope { error })
    }
}

/// Say that the connection ends after this answer: what is left of the request's body is not read.
fn closing(mut response: Response<HostBody>) -> Response<HostBody> {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

fn json(status: StatusCode, value: &impl Serialize) -> Response<HostBody> {
    let mut response = Response::new(HostBody::Whole(Full::from(serde_json::to_vec(value).unwrap_or_default())));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}
