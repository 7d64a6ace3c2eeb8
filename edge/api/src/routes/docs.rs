//! The API's own description, its error codes and its public keys.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::Refused;
use crate::{Failure, Platform, openapi};

const TEXT: [(axum::http::HeaderName, &str); 1] = [(CONTENT_TYPE, "text/plain; charset=utf-8")];
/// Every error code with its explanation, each under a heading that is the code.
const ERRORS: &str = include_str!("../../errors.md");

/// This document
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "docs", security(()),
    responses((status = 200, body = Object, description = "OpenAPI 3.1")))]
pub(crate) async fn read_openapi() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], openapi::COMMITTED)
}

/// Error codes
#[utoipa::path(get, path = "/docs/errors", tag = "docs", security(()), responses((status = 200, body = String, content_type = "text/plain")))]
pub(crate) async fn read_errors() -> impl IntoResponse {
    (TEXT, ERRORS)
}

/// One error code
#[utoipa::path(get, path = "/docs/errors/{code}", tag = "docs", security(()), params(("code" = String, Path, description = "For example `cell.stale`.")),
    responses((status = 200, body = String, content_type = "text/plain"), (status = 404, body = String, content_type = "text/plain")))]
pub(crate) async fn read_error(Path(code): Path<String>) -> Response {
    match section(&code) {
        Some(text) => (TEXT, text).into_response(),
        None => (
            StatusCode::NOT_FOUND,
            TEXT,
            "There is no such error code. All of them: /docs/errors\n",
        )
            .into_response(),
    }
}

/// Public keys
///
/// With them nodes check tickets.
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "nodes", security(()),
    responses((status = 200, body = Object, description = "A JWK set (RFC 7517)."), Refused))]
pub(crate) async fn read_key_set(State(platform): State<Arc<Platform>>) -> Result<Response, Failure> {
    let keys = platform.auth.jwks().await?;
    Ok(([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=60")], keys).into_response())
}

/// The part of [`ERRORS`] from the code's heading to the next.
fn section(code: &str) -> Option<&'static str> {
    let heading = format!("## {code}\n");
    let from = ERRORS.find(&heading)?;
    let text = ERRORS.get(from..)?;
    let to = text.get(3..)?.find("\n## ").map_or(text.len(), |next| next + 4);
    text.get(..to)
}
