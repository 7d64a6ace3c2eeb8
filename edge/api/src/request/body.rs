//! Reading a body, bounded.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError};
use selvedge_ports::{Error, ErrorKind};

use crate::Failure;

/// Largest request body. More than a node's largest report, and than source of the greatest length with every quote escaped.
pub const BODY_BYTES_MAX: usize = 2 << 20;

/// Largest file of a kernel that can be carried away and brought back.
pub const KERNEL_FILE_BYTES_MAX: usize = 16 << 20;

/// Largest body of a request for this path.
pub fn body_bytes_max(path: &str) -> usize {
    if path.starts_with("/api/v1/notebooks/") && path.ends_with("/kernel/import") {
        KERNEL_FILE_BYTES_MAX
    } else {
        BODY_BYTES_MAX
    }
}

/// A body as it is, for endpoints that [`body_bytes_max`] knows.
#[derive(Clone, Debug)]
pub struct FileBody(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for FileBody {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        let most = body_bytes_max(request.uri().path());
        Ok(Self(read_at_most(request.into_body(), most).await?))
    }
}

/// The refusal of a body over the limit.
pub(crate) fn too_large(most: usize) -> Failure {
    let error = Error::new(
        ErrorKind::Invalid,
        "request.too_large",
        format!("The body is over {most} bytes. Nothing was done."),
    );
    Failure::with_status(StatusCode::PAYLOAD_TOO_LARGE, error)
}

/// The whole body. Its size is bounded by [`crate::secure`](fn@crate::secure).
pub(super) async fn read(body: Body) -> Result<Bytes, Failure> {
    read_at_most(body, BODY_BYTES_MAX).await
}

async fn read_at_most(body: Body, most: usize) -> Result<Bytes, Failure> {
    match body.collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if over_limit(&error) => Err(too_large(most)),
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
