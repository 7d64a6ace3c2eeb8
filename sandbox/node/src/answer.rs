//! Answers of the node's HTTP API.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use serde_json::{Value, json};

use crate::admission::Fault;
use crate::runs::NotNow;
use crate::ticket::Refusal;

/// A whole answer.
pub(crate) type Answer = Response<Full<Bytes>>;

/// This, as JSON.
pub(crate) fn json(status: StatusCode, body: &Value) -> Answer {
    let mut answer = Response::new(Full::from(body.to_string()));
    *answer.status_mut() = status;
    answer
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

/// Nothing but a status.
pub(crate) fn empty(status: StatusCode) -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = status;
    answer
}

/// `{"error": {"code", "message", "field"}}`.
pub(crate) fn error(status: StatusCode, code: &str, message: &str, field: Option<&str>) -> Answer {
    json(status, &json!({ "error": { "code": code, "message": message, "field": field } }))
}

/// An error that passes.
fn passing(status: StatusCode, code: &str, message: &str) -> Answer {
    let mut answer = error(status, code, message, None);
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    answer
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        if refusal == Refusal::Unavailable {
            return passing(StatusCode::SERVICE_UNAVAILABLE, refusal.code(), &refusal.to_string());
        }
        let mut answer = error(StatusCode::UNAUTHORIZED, refusal.code(), &refusal.to_string(), None);
        answer
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        answer
    }
}

impl From<Fault> for Answer {
    fn from(fault: Fault) -> Self {
        error(StatusCode::BAD_REQUEST, fault.code, &fault.message, fault.field.as_deref())
    }
}

impl From<NotNow> for Answer {
    fn from(reason: NotNow) -> Self {
        let code = reason.code();
        match reason {
            NotNow::Full => passing(
                StatusCode::TOO_MANY_REQUESTS,
                code,
                "This node has as many runs as it takes on. This one was not accepted; try again.",
            ),
            NotNow::ProjectFull => passing(
                StatusCode::TOO_MANY_REQUESTS,
                code,
                "As many runs of this project as this node takes on are waiting. This one was not accepted; try again when some have ended.",
            ),
            NotNow::Closing => passing(
                StatusCode::SERVICE_UNAVAILABLE,
                code,
                "This node is being stopped. This run was not accepted; try again.",
            ),
            NotNow::Journal(error) => {
                crate::log::warn(
                    "the journal cannot be written; no run is accepted",
                    json!({ "error": error.to_string() }),
                );
                passing(
                    StatusCode::SERVICE_UNAVAILABLE,
                    code,
                    "This node cannot write to its disk. This run was not accepted; try again.",
                )
            }
        }
    }
}
