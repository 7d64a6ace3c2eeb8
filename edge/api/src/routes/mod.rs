//! Handlers: they read the request, call one operation and write the answer. Mounted by [`crate::endpoints`].

pub mod account;
pub mod cells;
pub mod docs;
pub mod events;
pub mod health;
pub mod internal;
pub mod kernel;
pub mod keys;
pub mod notebooks;
pub mod projects;
pub mod runs;
pub mod scratch;
pub mod sign_in;

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use selvedge_contract::{ErrorEnvelope, RunAccepted};
use selvedge_ports::{Error, ErrorKind};

use crate::Failure;

/// Every answer that is not the described one, in the OpenAPI document.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "describes a shape that Failure writes")]
pub(crate) enum Refused {
    /// The request is refused; the code says why. 404 hides what is not the caller's.
    #[response(status = "4XX")]
    Client(ErrorEnvelope),
    /// A part of the platform is not available (503, with Retry-After), or something failed on our side.
    #[response(status = "5XX")]
    Server(ErrorEnvelope),
}

/// A path under `/api` that is no endpoint.
pub(crate) async fn unknown() -> Failure {
    Error::not_found(
        "route.unknown",
        "There is nothing at this path. The endpoints are listed at /api/v1/openapi.json.",
    )
    .into()
}

/// An endpoint, but not with this method. The `Allow` header, which the framework adds, lists those that it has.
pub(crate) async fn method_not_allowed() -> Failure {
    let error = Error::new(
        ErrorKind::Invalid,
        "route.method",
        "This path does not take this method; the Allow header lists those that it takes.",
    );
    Failure::with_status(StatusCode::METHOD_NOT_ALLOWED, error)
}

/// 202 with where to look.
fn accepted(run: RunAccepted) -> Response {
    (StatusCode::ACCEPTED, [(LOCATION, format!("/api/v1/runs/{}", run.id))], Json(run)).into_response()
}
