//! What nodes call.

use std::sync::Arc;

use axum::Json;
use axum::extract::FromRequest;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use selvedge_protocol::Report;

use super::Refused;
use crate::caller::{bearer, unauthenticated};
use crate::request::JsonBody;
use crate::{Failure, Platform, operations};

/// Report on a run
///
/// For nodes, with the report token of the run's order; see `docs/node-protocol.md`.
#[utoipa::path(post, path = "/api/v1/internal/runs/{run}/report", tag = "nodes", security(("report" = [])),
    params(("run" = String, Path, description = "`run_…`")),
    request_body(content = Object, content_type = "application/json", description = "Events in order, and the outcome with the last of them."),
    responses((status = 200, body = Object, description = "`{\"cancel_requested\": …}`"), Refused))]
pub(crate) async fn report_run(
    State(platform): State<Arc<Platform>>,
    Path(run): Path<String>,
    request: Request,
) -> Result<Response, Failure> {
    let token = bearer(request.headers())?.ok_or_else(unauthenticated)?.to_owned();
    // Before the body is read: it may be large, and only a node's is worth it.
    operations::may_report(&platform, &token, &run).await?;
    let JsonBody(report) = JsonBody::<Report>::from_request(request, &()).await?;
    Ok((StatusCode::OK, Json(operations::report(&platform, &run, report).await?)).into_response())
}
