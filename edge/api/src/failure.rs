//! A refusal or a defect on its way to the client.

use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use selvedge_contract::{ErrorBody, ErrorEnvelope};
use selvedge_ports::{Error, ErrorKind};

/// An error with its HTTP status. As a response it is empty but for its status, with itself in the response's extensions:
/// [`crate::secure`](fn@crate::secure) knows the request id and writes the envelope.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What it becomes.
    pub status: StatusCode,
    /// What happened.
    pub error: Error,
    /// Headers of the answer.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::with_status(status(error.kind), error)
    }
}

const fn status(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::Invalid => StatusCode::BAD_REQUEST,
        ErrorKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorKind::Forbidden => StatusCode::FORBIDDEN,
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::Conflict => StatusCode::CONFLICT,
        ErrorKind::Stale => StatusCode::PRECONDITION_FAILED,
        ErrorKind::InsufficientCredits => StatusCode::PAYMENT_REQUIRED,
        ErrorKind::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl Failure {
    /// For what only HTTP knows, such as 405 and 415.
    pub const fn with_status(status: StatusCode, error: Error) -> Self {
        Self {
            status,
            error,
            headers: Vec::new(),
        }
    }

    /// With one more header in the answer.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: impl TryInto<HeaderValue>) -> Self {
        if let Ok(value) = value.try_into() {
            self.headers.push((name, value));
        }
        self
    }

    /// The answer: an envelope, or for a form's browser one sentence. What is internal stays internal.
    pub(crate) fn answer(self, request_id: &str, public_url: &str, as_text: bool) -> Response {
        let Error {
            kind,
            mut code,
            mut message,
            field,
            retry_after_ms,
        } = self.error;
        if kind == ErrorKind::Internal {
            "internal".clone_into(&mut code);
            message = format!("Something failed on our side; it is in our log as {request_id}. Trying again may help.");
        }
        let mut response = if as_text {
            (self.status, [(CONTENT_TYPE, "text/plain; charset=utf-8")], format!("{message}\n")).into_response()
        } else {
            let docs = format!("{public_url}/docs/errors/{code}");
            (
                self.status,
                Json(ErrorEnvelope {
                    error: ErrorBody {
                        code,
                        message,
                        field,
                        request_id: request_id.to_owned(),
                        docs,
                    },
                }),
            )
                .into_response()
        };
        let headers = response.headers_mut();
        match kind {
            ErrorKind::Unauthenticated => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            ErrorKind::Unavailable | ErrorKind::RateLimited => {
                headers.insert(
                    RETRY_AFTER,
                    u64::from(retry_after_ms.unwrap_or(1_000)).div_ceil(1_000).max(1).into(),
                );
            }
            _ => {}
        }
        headers.extend(self.headers);
        response
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
