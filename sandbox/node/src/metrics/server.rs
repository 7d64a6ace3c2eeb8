//! Where a scraper finds the figures: an address of its own, because they are for the operator and not for an edge.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::time::sleep;

use super::Metrics;

/// How long a scraper may take to ask.
const PATIENCE: Duration = Duration::from_secs(5);
/// Pause after the system has refused a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// What Prometheus' clients write since OpenMetrics.
const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Answer `GET /metrics` until dropped, one scraper after the other: nobody needs two at the same time.
pub(crate) async fn serve(listener: TcpListener, metrics: Metrics) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let answered = service_fn(|request: Request<Incoming>| {
            let answer = answer(&request, &metrics);
            async move { Ok::<_, Infallible>(answer) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(PATIENCE)
            .keep_alive(false)
            .serve_connection(TokioIo::new(stream), answered);
        // Whatever goes wrong with one connection concerns nobody else.
        let _ = tokio::time::timeout(2 * PATIENCE, connection).await;
    }
}

fn answer(request: &Request<Incoming>, metrics: &Metrics) -> Response<Full<Bytes>> {
    let known = request.method() == Method::GET && request.uri().path() == "/metrics";
    let mut answer = Response::new(Full::from(if known { metrics.text() } else { String::new() }));
    if known {
        answer
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    } else {
        *answer.status_mut() = StatusCode::NOT_FOUND;
    }
    answer
}
