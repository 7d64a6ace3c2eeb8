//! A request's body, read whole before the request is routed.

use axum::body::Body;
use axum::http::Request;
use futures::stream;
use http_body_util::BodyExt as _;
use selvedge_api::request::body_bytes_max;
use worker::HttpRequest;

/// An answer that comes while its request's body is unread breaks the connection, and with it whatever `wrangler dev` sends on that
/// connection next. The API reads every body whole anyway. Of one that is too large just enough is kept for the API to see that.
pub(crate) async fn whole(request: HttpRequest) -> Request<Body> {
    let (parts, mut body) = request.into_parts();
    let most = body_bytes_max(parts.uri.path());
    let mut kept = Vec::new();
    while let Some(frame) = body.frame().await {
        match frame.map(|frame| frame.into_data()) {
            Ok(Ok(data)) if kept.len() <= most => kept.extend_from_slice(&data),
            Ok(_) => {}
            // The client is gone; whoever reads the body has to see that it is not complete.
            Err(error) => return Request::from_parts(parts, Body::from_stream(stream::iter([Err::<Vec<u8>, _>(error)]))),
        }
    }
    Request::from_parts(parts, Body::from(kept))
}
