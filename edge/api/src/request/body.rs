//! Reading a body, bounded.

use axum::body::Body;
use axum::http::StatusCode;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError};
use selvedge_ports::{Error, ErrorKind};

use crate::Failure;

/// Largest request body. More than a node's largest report, and than source of the greatest length with every quote escaped.
pub const BODY_BYTES_MAX: usize = 2 << 20;

/// The refusal of a body over the limit.
pub(crate) fn too_large() -> Failure {
    let error = Error::new(
        ErrorKind::Invalid,
        "request.too_large",
        format!("The body is over {BODY_BYTES_MAX} bytes. Nothing was done."),
    );
    Failure::with_status(StatusCode::PAYLOAD_TOO_LARGE, error)
}

/// The whole body. Its size is bounded by [`crate::secure`](fn@crate::secure).
pub(super) async fn read(body: Body) -> Result<Bytes, Failure> {
    match body.collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if over_limit(&error) => Err(too_large()),
        Err(_) => Err(Error::new(
            ErrorKind::Invalid,
            "request.incomplete",
            "The body ended before it was complete, so nothing was done.",
        )
        .into()),
    }
}

fn over_limit(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source()).any(|error| error.is::<LengthLimitError>())
}
